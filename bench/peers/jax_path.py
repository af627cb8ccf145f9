"""One training step of DIS on the nine-mode mixture with the published network, in JAX: log-variance by two passes, and KL through the simulation."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

WIDTH, DIM = 64, 2
CENTRES = jnp.array([(a, b) for a in (-5.0, 0.0, 5.0) for b in (-5.0, 0.0, 5.0)])
FREQUENCIES = jnp.linspace(0.1, 100, 64)


def gelu(z):
    return jax.nn.gelu(z, approximate=False)


def layers(key, sizes):
    parts = []
    for n, m in zip(sizes[:-1], sizes[1:]):
        key, a, b = jax.random.split(key, 3)
        bound = n**-0.5
        parts.append((jax.random.uniform(a, (n, m), minval=-bound, maxval=bound), jax.random.uniform(b, (m,), minval=-bound, maxval=bound)))
    return parts


def parameters():
    keys = jax.random.split(jax.random.PRNGKey(0), 6)
    return {
        "phases": jax.random.normal(keys[0], (2, 64)),
        "time": layers(keys[1], [128, WIDTH, WIDTH]),
        "gate": layers(keys[2], [128, 64, 64, 64, 1]),
        "input": layers(keys[3], [DIM, WIDTH]),
        "body": layers(keys[4], [WIDTH, WIDTH, WIDTH, DIM]),
    }


def perceptron(z, parts):
    for i, (w, b) in enumerate(parts):
        z = (gelu(z) if i > 0 else z) @ w + b
    return z


def log_density(x):
    square = ((x[:, None] - CENTRES) ** 2).sum(-1)
    return jax.nn.logsumexp(-square / 0.6, axis=1) - np.log(2 * np.pi * 0.3 * 9)


def score(x):
    weights = jax.nn.softmax(-((x[:, None] - CENTRES) ** 2).sum(-1) / 0.6, axis=1)
    return (weights @ CENTRES - x) / 0.3


class Problem:
    def __init__(self, steps):
        self.h = 1 / steps
        self.t = jnp.arange(steps) / steps
        self.beta = 10 - 9.9 * self.t

    def codes(self, p, clip):
        """What depends on time alone, once for all paths."""
        angle = self.t[:, None, None] * FREQUENCIES + p["phases"]
        features = jnp.concatenate([jnp.sin(angle), jnp.cos(angle)], -1)
        share = jnp.clip(perceptron(features[:, 1], p["gate"]), -clip, clip)
        return perceptron(features[:, 0], p["time"]) + p["input"][0][1], share * jnp.sqrt(self.beta)[:, None]

    def net(self, p, x, code):
        z = x @ p["input"][0][0] + code
        for w, b in p["body"]:
            z = gelu(z) @ w + b
        return z

    def guide(self, x, t, clip):
        return jnp.clip(score(x) * t - x * (1 - t), -clip, clip)

    def move(self, x, u, dw, beta):
        return x + (x * beta / 2 + jnp.sqrt(beta) * u) * self.h + jnp.sqrt(beta) * dw


def log_variance(paths, steps, chunk):
    problem = Problem(steps)

    def run(p, x0, dw, clip):
        code, share = problem.codes(p, clip)

        def body(carry, a):
            x, r = carry
            w, c, s, t, beta = a
            g = problem.guide(x, t, clip)
            u = jnp.clip(problem.net(p, x, c), -clip, clip) + g * s
            return (problem.move(x, u, w, beta), r + (u * (problem.h * u / 2 + w)).sum(1)), (x, g)

        start = -(x0**2).sum(1) / 2
        (x, r), kept = lax.scan(body, (x0, start), (dw, code, share, problem.t, problem.beta))
        return r - log_density(x), kept

    def step(p, x0, dw, clip):
        r, (xs, gs) = run(p, x0, dw, clip)
        weights = 2 * (r - r.mean()) / (paths - 1) / DIM
        cotangents = dw * weights[:, None]
        (code, share), pull = jax.vjp(lambda q: problem.codes(q, clip), p)

        def part(q, c, x, ct):
            z = problem.net(q, x.reshape(-1, DIM), jnp.repeat(c, paths, 0))
            return (jnp.clip(z, -clip, clip) * ct.reshape(-1, DIM)).sum()

        def body(total, a):
            gp, gc = jax.grad(part, (0, 1))(p, *a)
            return jax.tree.map(jnp.add, total, gp), gc

        cut = lambda a: a.reshape((steps // chunk, chunk) + a.shape[1:])
        zero = jax.tree.map(jnp.zeros_like, p)
        gp, gc = lax.scan(body, zero, (cut(code), cut(xs), cut(cotangents)))
        gshare = (cotangents * gs).sum((1, 2))[:, None]
        return r.var(), jax.tree.map(jnp.add, gp, pull((gc.reshape(code.shape), gshare))[0])

    return timed(jax.jit(step), paths, steps)


def kullback_leibler(paths, steps):
    problem = Problem(steps)

    def loss(p, x0, dw, clip):
        code, share = problem.codes(p, clip)

        @jax.checkpoint
        def body(carry, a):
            x, r = carry
            w, c, s, t, beta = a
            g = jnp.clip(lax.stop_gradient(score(x)) * t - x * (1 - t), -clip, clip)
            u = jnp.clip(problem.net(p, x, c), -clip, clip) + g * s
            return (problem.move(x, u, w, beta), r + problem.h / 2 * (u * u).sum()), None

        (x, r), _ = lax.scan(body, (x0, 0.0), (dw, code, share, problem.t, problem.beta))
        return (r - log_density(x).sum()) / paths / DIM

    return timed(jax.jit(jax.value_and_grad(loss)), paths, steps)


def timed(step, paths, steps):
    """Draws included, as in ours."""
    p = parameters()
    draw = jax.jit(lambda key: (jax.random.normal(key, (paths, DIM)), jax.random.normal(key, (steps, paths, DIM)) / steps**0.5))
    count = [0]

    def run():
        count[0] += 1
        x0, dw = draw(jax.random.PRNGKey(count[0]))
        jax.block_until_ready(step(p, x0, dw, 1e4))

    return run
