"""One log-variance training step of DIS on the nine-mode mixture with the published network in PyTorch: all gradients by autograd, as published samplers do."""

import math

import torch
from torch.nn.functional import gelu

torch.set_num_threads(2)
WIDTH, DIM = 64, 2
CENTRES = torch.tensor([(a, b) for a in (-5.0, 0.0, 5.0) for b in (-5.0, 0.0, 5.0)])
FREQUENCIES = torch.linspace(0.1, 100, 64)


def perceptron(*sizes):
    layers = [torch.nn.Linear(sizes[0], sizes[1])]
    for a, b in zip(sizes[1:-1], sizes[2:]):
        layers += [torch.nn.GELU(), torch.nn.Linear(a, b)]
    return torch.nn.Sequential(*layers)


class Control(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.phases = torch.nn.Parameter(torch.randn(2, 64))
        self.time = perceptron(128, WIDTH, WIDTH)
        self.gate = perceptron(128, 64, 64, 64, 1)
        self.input = torch.nn.Linear(DIM, WIDTH)
        self.body = perceptron(WIDTH, WIDTH, WIDTH, DIM)

    def embed(self, t):
        return self.time(self.features(t, 0))

    def share(self, t, clip):
        return self.gate(self.features(t, 1)).clamp(-clip, clip)

    def features(self, t, which):
        angle = t[:, None] * FREQUENCIES + self.phases[which]
        return torch.cat([angle.sin(), angle.cos()], -1)

    def forward(self, x, code):
        return self.body(gelu(self.input(x) + code))


def log_density(x):
    square = ((x[:, None] - CENTRES) ** 2).sum(-1)
    return torch.logsumexp(-square / 0.6, 1) - math.log(2 * math.pi * 0.3 * 9)


def score(x):
    weights = torch.softmax(-((x[:, None] - CENTRES) ** 2).sum(-1) / 0.6, 1)
    return (weights @ CENTRES - x) / 0.3


def log_variance(paths, steps, clip=1e4, embed_paths=False):
    """With `embed_paths` the net embeds the time of every step for every path, as that of sde_sampler does; else nets of time run once."""
    h = 1 / steps
    t = torch.arange(steps) / steps
    beta = 10 - 9.9 * t
    sigma = beta.sqrt()
    control = Control()

    def run():
        control.zero_grad()
        x = torch.randn(paths, DIM)
        rnd = -(x**2).sum(1) / 2
        if not embed_paths:
            codes, shares = control.embed(t), control.share(t, clip)
        for k in range(steps):
            with torch.no_grad():
                guide = (score(x) * t[k] - x * (1 - t[k])).clamp(-clip, clip)
            code = control.embed(t[k].expand(paths)) if embed_paths else codes[k]
            share = control.share(t[k : k + 1], clip) if embed_paths else shares[k]
            u = control(x, code).clamp(-clip, clip) + sigma[k] * share * guide
            held = u.detach()
            dw = h**0.5 * torch.randn(paths, DIM)
            # the path is that of the held control, so it is the control's noise that has no gradient
            rnd = rnd + (u * (dw + h * held) - h / 2 * u * u).sum(1)
            x = x + (x * beta[k] / 2 + sigma[k] * held) * h + sigma[k] * dw
        rnd = rnd - log_density(x)
        (rnd.var() / DIM).backward()

    return run
