import jax

jax.config.update("jax_enable_x64", True)


def normal(length):
    draw = jax.jit(lambda key: jax.random.normal(key, (length,), dtype="float64"))
    key = jax.random.key(1)
    return lambda: draw(key).block_until_ready()


def uniform(length):
    draw = jax.jit(lambda key: jax.random.uniform(key, (length,), dtype="float64"))
    key = jax.random.key(1)
    return lambda: draw(key).block_until_ready()
