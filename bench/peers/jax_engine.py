import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

gelu = lambda z: jax.nn.gelu(z, approximate=False)


def layers(generator, sizes):
    pairs = zip(sizes[:-1], sizes[1:])
    return [(jnp.asarray(generator.normal(0, 0.1, (a, b)), jnp.float32), jnp.zeros(b)) for a, b in pairs]


def apply(net, x):
    for weight, bias in net[:-1]:
        x = gelu(x @ weight + bias)
    return x @ net[-1][0] + net[-1][1]


def perceptron(batch, calls):
    generator = np.random.default_rng(0)
    net = layers(generator, [10, 64, 64, 64, 10])
    x, y = (jnp.asarray(generator.standard_normal((batch, 10)), jnp.float32) for _ in range(2))
    step = jax.jit(jax.value_and_grad(lambda net: ((apply(net, x) - y) ** 2).mean()))

    def run():
        for _ in range(calls):
            jax.block_until_ready(step(net))

    return run


def simulation(paths, steps):
    """Forward simulation of DIS on the mixture of nine Gaussians, with its running cost: path, cost, correction."""
    generator = np.random.default_rng(0)
    frequencies = jnp.linspace(0.1, 100, 64)
    centres = jnp.array([(a, b) for a in (-5.0, 0.0, 5.0) for b in (-5.0, 0.0, 5.0)])
    spread, clip, h = 0.3, 10.0, 1 / steps
    t = jnp.arange(steps) / steps
    beta = 10 - 9.9 * t
    sigma = jnp.sqrt(beta)
    nets = {
        "embed": layers(generator, [128, 64, 64]),
        "scale": layers(generator, [128, 64, 64, 64, 1]),
        "input": layers(generator, [2, 64]),
        "body": layers(generator, [64, 64, 64, 2]),
        "phases": [jnp.asarray(generator.standard_normal(64), jnp.float32) for _ in range(2)],
    }

    def features(phase):
        angles = t[:, None] * frequencies + phase
        return jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], 1)

    def score(x):
        logits = x @ (centres.T / spread) - (centres**2).sum(1) / (2 * spread)
        return (jax.nn.softmax(logits) @ centres - x) / spread

    def simulate(nets, start, noise):
        embedded = apply(nets["embed"], features(nets["phases"][0]))
        scale = jnp.clip(apply(nets["scale"], features(nets["phases"][1])), -clip, clip) * sigma[:, None]

        def body(carry, entry):
            x, cost = carry
            dw, e, s, time, half, diffusion = entry
            guide = jnp.clip(score(x) * time - x * (1 - time), -clip, clip)
            hidden = gelu(apply(nets["input"], x) + e)
            control = jnp.clip(apply(nets["body"], hidden), -clip, clip) + guide * s
            cost = cost + (control * (0.5 * h * control + dw)).sum(1)
            following = (x + (x * half + control * diffusion) * h) + diffusion * dw
            return (following, cost), (x, guide)

        entries = (noise, embedded, scale, t, beta / 2, sigma)
        (x, cost), (path, guides) = lax.scan(body, (start, jnp.zeros(paths)), entries)
        return x, cost, path, guides

    start = jnp.asarray(generator.standard_normal((paths, 2)), jnp.float32)
    noise = jnp.asarray(generator.standard_normal((steps, paths, 2)) / np.sqrt(steps), jnp.float32)
    step = jax.jit(simulate)
    return lambda: jax.block_until_ready(step(nets, start, noise))
