import torch

torch.set_num_threads(2)


def steps(dim, kernels, steps, batch=64, epsilon=0.01):
    """Training of a mixture of `kernels` Gaussians with learned precisions by implicit score matching, autograd throughout."""
    entries = dim * (dim + 1) // 2
    sizes = [dim] + [64] * 5
    layers = [m for a, b in zip(sizes, sizes[1:]) for m in (torch.nn.Linear(a, b), torch.nn.GELU())]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(64, entries))
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    centres = torch.randn(kernels, dim)
    data = torch.randn(5_000, dim)
    row, column = torch.tril_indices(dim, dim)
    floor = epsilon * torch.eye(dim)

    def loss():
        x = data[torch.randint(len(data), (batch,))]
        factor = torch.zeros(kernels, dim, dim)
        factor[:, row, column] = net(centres)
        precision = factor @ factor.transpose(1, 2) + floor
        offset = x[:, None] - centres
        pull = torch.einsum("nij,bnj->bni", precision, offset)
        exponent = 0.5 * torch.logdet(precision) - 0.5 * (pull * offset).sum(2)
        weight = torch.softmax(exponent, 1)
        score = (weight[:, :, None] * pull).sum(1)
        trace = precision.diagonal(dim1=1, dim2=2).sum(1)
        curvature = ((pull * pull).sum(2) - trace) * weight
        return (2 * curvature.sum(1) - (score * score).sum(1)).mean()

    def run():
        for _ in range(steps):
            optimiser.zero_grad()
            loss().backward()
            optimiser.step()

    return run
