"""Spectral scores with Hermite functions and a window of neighbour pairs, in numpy: fit, then generate."""

from math import comb

import numpy


def data(count, dim):
    x = numpy.random.Generator(numpy.random.PCG64(1)).standard_normal((count, dim))
    x[:, 1:] += 0.5 * x[:, :-1]
    return x


def products(n):
    table = numpy.zeros((n + 1, n + 1, 2 * n + 1))
    for a in range(n + 1):
        for b in range(n + 1):
            for k in range(min(a, b) + 1):
                m = a + b - 2 * k
                table[a, b, m] = numpy.sqrt(float(comb(a, k) * comb(b, k) * comb(m, a - k)))
    return table


def hermite(y, highest):
    out = numpy.empty((highest + 1,) + y.shape)
    out[0] = 1
    out[1] = y
    for k in range(1, highest):
        out[k + 1] = (y * out[k] - numpy.sqrt(k) * out[k - 1]) / numpy.sqrt(k + 1)
    return out


class Problem:
    def __init__(self, x, n, times):
        self.x, self.n, self.times = x, n, times
        self.count, self.dim = x.shape
        self.mean, self.variance = x.mean(0), x.var(0)
        self.low, self.high = x.min(0), x.max(0)
        self.mu = products(n)[1:, 1:]
        self.slope = numpy.sqrt(numpy.arange(1, n + 2))[None] / numpy.sqrt(self.variance)[:, None]
        self.rates = -numpy.arange(2 * n + 1)[None] / self.variance[:, None]
        self.base = 1 + n * self.dim
        self.pairs_of = [[p for p in (j - 1, j) if 0 <= p < self.dim - 1] for j in range(self.dim)]

    def functions(self, x, highest):
        """samples x sites x functions"""
        y = (x - self.mean) / numpy.sqrt(self.variance)
        return numpy.ascontiguousarray(numpy.moveaxis(hermite(y, highest), 0, -1))

    def solve(self, base, base_pair, same, overlap, right_base, right_pair):
        """Coefficients of all components: base functions, left pair, right pair."""
        dim, block, width = self.dim, self.n**2, self.base
        out = numpy.zeros((dim, width + 2 * block))
        for j, pairs in enumerate(self.pairs_of):
            size = width + len(pairs) * block
            a, g = numpy.empty((size, size)), numpy.empty(size)
            a[:width, :width], g[:width] = base, right_base[j]
            for i, p in enumerate(pairs):
                own = slice(width + i * block, width + (i + 1) * block)
                a[:width, own] = base_pair[p].T
                a[own, :width] = base_pair[p]
                a[own, own] = same[p]
                g[own] = right_pair[j, p - j + 1]
            if len(pairs) == 2:
                left, right = slice(width, width + block), slice(width + block, size)
                a[left, right], a[right, left] = overlap[j], overlap[j].T
            a[numpy.diag_indices(size)] += 1e-7 * numpy.trace(a) / size
            factor = numpy.linalg.solve(a, g)
            out[j, :width] = factor[:width]
            for i, p in enumerate(pairs):
                side = p - j + 1
                out[j, width + side * block : width + (side + 1) * block] = factor[width + i * block :][:block]
        return out


def fit_by_moments(problem):
    """The data enter through moments of one-site functions, once."""
    n, dim, count = problem.n, problem.dim, problem.count
    terms, width, pairs = 2 * n + 1, problem.base, dim - 1
    psi = problem.functions(problem.x, 2 * n)
    flat = psi.reshape(count, -1)
    single = (flat.T @ flat / count).reshape(dim, terms, dim, terms)
    phi = numpy.ascontiguousarray(psi[:, :, 1 : n + 1])
    pair = (phi[:, :-1, :, None] * phi[:, 1:, None, :]).reshape(count, -1)
    triple = (phi.reshape(count, -1).T @ pair / count).reshape(dim, n, pairs, n, n)
    middle = numpy.zeros((dim, terms, n * n))
    for k in range(1, dim - 1):
        ends = (phi[:, k - 1, :, None] * phi[:, k + 1, None, :]).reshape(count, -1)
        middle[k] = psi[:, k].T @ ends / count
    sites = numpy.arange(dim)
    left, right = sites[:-1], sites[1:]
    neighbours = single[left, :, right, :]
    one = single[0, 0]
    levels = []
    for t in problem.times:
        decay = numpy.exp(problem.rates * t)
        e = decay[:, 1 : n + 1]
        both = e[:-1, :, None] * e[1:, None, :]
        u = problem.mu[None] * decay[:, None, None, :]
        flat_u = u.reshape(dim, n * n, terms)
        base = numpy.empty((width, width))
        base[0, 0] = 1
        base[0, 1:] = base[1:, 0] = (e * one[:, 1 : n + 1]).ravel()
        inner = single[:, 1 : n + 1, :, 1 : n + 1] * e[:, :, None, None] * e[None, None]
        inner[sites, :, sites] = numpy.matmul(flat_u, one[:, :, None]).reshape(dim, n, n)
        base[1:, 1:] = inner.reshape(width - 1, width - 1)
        rows = numpy.empty((pairs, n, n, width))
        rows[..., 0] = neighbours[:, 1 : n + 1, 1 : n + 1] * both
        cross = triple * e[:, :, None, None, None] * both[None, None]
        from_left = numpy.matmul(flat_u[:-1], neighbours[:, :, 1 : n + 1] * e[1:, None, :])
        from_right = numpy.matmul(flat_u[1:], numpy.swapaxes(neighbours[:, 1 : n + 1] * e[:-1, :, None], 1, 2))
        cross[left, :, left] = from_left.reshape(pairs, n, n, n)
        cross[right, :, left] = numpy.swapaxes(from_right.reshape(pairs, n, n, n), 2, 3)
        rows[..., 1:] = numpy.moveaxis(cross, (2, 3, 4), (0, 1, 2)).reshape(pairs, n, n, width - 1)
        same = numpy.matmul(numpy.matmul(flat_u[:-1], neighbours), numpy.swapaxes(flat_u[1:], 1, 2))
        same = same.reshape(pairs, n, n, n, n).transpose(0, 1, 3, 2, 4).reshape(pairs, n * n, n * n)
        overlap = numpy.matmul(flat_u, middle).reshape(dim, n, n, n, n)
        overlap[1:-1] *= e[:-2, None, None, :, None] * e[2:, None, None, None, :]
        overlap = overlap.transpose(0, 3, 1, 2, 4).reshape(dim, n * n, n * n)
        slope = problem.slope * decay[:, 1 : n + 2]
        right_base = numpy.empty((dim, width))
        right_base[:, 0] = slope[:, 0] * one[:, 1]
        others = single[:, 1, :, 1 : n + 1] * slope[:, :1, None] * e[None]
        others[sites, sites] = slope[:, 1:] * one[:, 2 : n + 2]
        right_base[:, 1:] = others.reshape(dim, -1)
        right_pair = numpy.zeros((dim, 2, n * n))
        ahead = slope[:-1, 1:, None] * neighbours[:, 2 : n + 2, 1 : n + 1] * e[1:, None, :]
        behind = slope[1:, None, 1:] * neighbours[:, 1 : n + 1, 2 : n + 2] * e[:-1, :, None]
        right_pair[:-1, 1] = ahead.reshape(pairs, -1)
        right_pair[1:, 0] = behind.reshape(pairs, -1)
        flat_rows = rows.reshape(pairs, n * n, width)
        levels.append(problem.solve(base, flat_rows, same, overlap, right_base, right_pair))
    return levels


def fit_samplewise(problem):
    """Every matrix is averaged over the samples at every time."""
    n, dim, count = problem.n, problem.dim, problem.count
    psi = problem.functions(problem.x, 2 * n)
    mu = problem.mu.reshape(n * n, -1)
    levels = []
    for t in problem.times:
        decayed = psi * numpy.exp(problem.rates * t)
        g = numpy.ascontiguousarray(decayed[:, :, 1 : n + 1])
        both = decayed @ mu.T
        slopes = problem.slope * decayed[:, :, 1 : n + 2]
        flat = numpy.concatenate([numpy.ones((count, 1)), g.reshape(count, -1)], 1)
        base = flat.T @ flat / count
        for k in range(dim):
            own = slice(1 + k * n, 1 + (k + 1) * n)
            base[own, own] = both[:, k].mean(0).reshape(n, n)
        pair = (g[:, :-1, :, None] * g[:, 1:, None, :]).reshape(count, dim - 1, -1)
        rows, same, overlap = [], [], [None] * dim
        for p in range(dim - 1):
            row = pair[:, p].T @ flat / count
            shared = (both[:, p].T @ g[:, p + 1] / count).reshape(n, n, n)
            row[:, 1 + p * n : 1 + (p + 1) * n] = shared.transpose(0, 2, 1).reshape(n * n, n)
            shared = (g[:, p].T @ both[:, p + 1] / count).reshape(n, n, n)
            row[:, 1 + (p + 1) * n : 1 + (p + 2) * n] = shared.reshape(n * n, n)
            rows.append(row)
            block = (both[:, p].T @ both[:, p + 1] / count).reshape(n, n, n, n)
            same.append(block.transpose(0, 2, 1, 3).reshape(n * n, n * n))
        for k in range(1, dim - 1):
            ends = (g[:, k - 1, :, None] * g[:, k + 1, None, :]).reshape(count, -1)
            block = (both[:, k].T @ ends / count).reshape(n, n, n, n)
            overlap[k] = block.transpose(2, 0, 1, 3).reshape(n * n, n * n)
        right_base = numpy.empty((dim, problem.base))
        right_pair = numpy.zeros((dim, 2, n * n))
        for j in range(dim):
            right_base[j] = slopes[:, j, 0] @ flat / count
            right_base[j, 1 + j * n : 1 + (j + 1) * n] = slopes[:, j, 1:].mean(0)
            if j + 1 < dim:
                right_pair[j, 1] = (slopes[:, j, 1:].T @ g[:, j + 1] / count).ravel()
            if j > 0:
                right_pair[j, 0] = (g[:, j - 1].T @ slopes[:, j, 1:] / count).ravel()
        levels.append(problem.solve(base, rows, same, overlap, right_base, right_pair))
    return levels


def generate(problem, levels, count):
    """Euler and Maruyama's march from noise to data."""
    n, dim, width, block = problem.n, problem.dim, problem.base, problem.n**2
    random = numpy.random.Generator(numpy.random.PCG64(2))
    y = problem.mean + numpy.sqrt(problem.variance) * random.standard_normal((count, dim))
    for k in range(len(problem.times) - 1, 0, -1):
        h = problem.times[k] - problem.times[k - 1]
        c = levels[k]
        phi = problem.functions(numpy.clip(y, problem.low, problem.high), n)[:, :, 1:]
        residual = phi.reshape(count, -1) @ c[:, 1:width].T + c[:, 0]
        pair = (phi[:, :-1, :, None] * phi[:, 1:, None, :]).reshape(count, dim - 1, block)
        pair = numpy.moveaxis(pair, 1, 0)
        left, right = c[1:, width : width + block, None], c[:-1, width + block :, None]
        residual[:, 1:] += numpy.matmul(pair, left)[..., 0].T
        residual[:, :-1] += numpy.matmul(pair, right)[..., 0].T
        drift = 2 * residual - (y - problem.mean) / problem.variance
        y = y + h * drift + numpy.sqrt(2 * h) * random.standard_normal(y.shape)
    return y


def times(problem_data, levels):
    return 3 * problem_data.var(0).max() * (numpy.arange(levels + 1) / levels) ** 2


def fit_and_generate(count, dim, n, levels):
    x = data(count, dim)

    def work():
        problem = Problem(x, n, times(x, levels))
        return generate(problem, fit_by_moments(problem), count)

    return work


def fit(count, dim, n, levels, samplewise=False):
    x = data(count, dim)

    def work():
        problem = Problem(x, n, times(x, levels))
        return fit_samplewise(problem) if samplewise else fit_by_moments(problem)

    return work
