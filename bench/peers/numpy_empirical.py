import numpy

BLOCK = 5000


def score(count, dim, queries):
    """Score of a smoothed empirical measure, block by block over the data, the softmax corrected as its maximum grows."""
    generator = numpy.random.default_rng(0)
    data = generator.standard_normal((count, dim))
    x = generator.standard_normal((queries, dim))
    squares = (data * data).sum(1)
    variance = 100.0

    def run():
        peak = numpy.full((queries, 1), -numpy.inf)
        total = numpy.zeros((queries, 1))
        mean = numpy.zeros((queries, dim))
        for start in range(0, count, BLOCK):
            block = data[start : start + BLOCK]
            exponent = (x @ block.T - 0.5 * squares[start : start + BLOCK]) / variance
            higher = numpy.maximum(peak, exponent.max(1, keepdims=True))
            shrink = numpy.exp(peak - higher)
            weight = numpy.exp(exponent - higher)
            total = shrink * total + weight.sum(1, keepdims=True)
            mean = shrink * mean + weight @ block
            peak = higher
        return (mean / total - x) / variance

    return run
