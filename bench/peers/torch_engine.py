import torch

torch.set_num_threads(2)


def layers(sizes, activation):
    stack = []
    for inputs, outputs in zip(sizes[:-2], sizes[1:-1]):
        stack += [torch.nn.Linear(inputs, outputs), activation()]
    return torch.nn.Sequential(*stack, torch.nn.Linear(sizes[-2], sizes[-1]))


def trained(net, loss, steps):
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)

    def run():
        for _ in range(steps):
            optimiser.zero_grad()
            loss().backward()
            optimiser.step()

    return run


def perceptron(batch, calls):
    net = layers([10, 64, 64, 64, 10], torch.nn.GELU)
    x, y = torch.randn(batch, 10), torch.randn(batch, 10)

    def run():
        for _ in range(calls):
            net.zero_grad()
            ((net(x) - y) ** 2).mean().backward()

    return run


def denoising(batch, steps):
    net = layers([3] + [64] * 5 + [2], torch.nn.GELU)
    data = torch.randn(50_000, 2)

    def loss():
        x = data[torch.randint(len(data), (batch,))]
        variance = torch.exp(torch.rand(batch, 1) * 13.8 - 9.2)
        noise = torch.randn_like(x)
        noisy = (x + variance.sqrt() * noise) / (1 + variance).sqrt()
        guess = net(torch.cat([noisy, 0.25 * variance.log()], 1))
        return ((guess - noise) ** 2).sum(1).mean()

    return trained(net, loss, steps)


def residual(batch, steps):
    net = layers([10] + [64] * 4 + [1], torch.nn.Tanh)

    def loss():
        x = torch.rand(batch, 10, requires_grad=True)
        slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
        laplacian = sum(
            torch.autograd.grad(slope[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(10)
        )
        return ((laplacian - 1) ** 2).mean()

    return trained(net, loss, steps)


def adam(count, steps):
    parameters = torch.nn.Parameter(torch.randn(count))
    optimiser = torch.optim.Adam([parameters], 1e-3)
    parameters.grad = torch.randn(count)

    def run():
        for _ in range(steps):
            optimiser.step()

    return run
