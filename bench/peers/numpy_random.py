import numpy


def normal(length):
    generator = numpy.random.Generator(numpy.random.PCG64(1))
    out = numpy.empty(length)
    return lambda: generator.standard_normal(out=out)


def normal_philox(length):
    generator = numpy.random.Generator(numpy.random.Philox(1))
    out = numpy.empty(length)
    return lambda: generator.standard_normal(out=out)


def uniform(length):
    generator = numpy.random.Generator(numpy.random.PCG64(1))
    out = numpy.empty(length)
    return lambda: generator.random(out=out)


def permutation(length):
    generator = numpy.random.Generator(numpy.random.PCG64(1))
    return lambda: generator.permutation(length)
