import numpy
import scipy.linalg


def matrix(rows, cols):
    return numpy.random.Generator(numpy.random.PCG64(1)).standard_normal((rows, cols))


def positive_definite(n):
    x = matrix(n, n)
    return x @ x.T / n + numpy.eye(n)


def matmul(m, n, k):
    a, b = matrix(m, k), matrix(k, n)
    return lambda: a @ b


def gram(rows, cols):
    a = matrix(rows, cols)
    return lambda: a.T @ a


def cholesky(n, repeats):
    a = positive_definite(n)

    def work():
        for _ in range(repeats):
            numpy.linalg.cholesky(a)

    return work


def solve(n, rhs, repeats):
    factor = (numpy.linalg.cholesky(positive_definite(n)), True)
    b = matrix(n, rhs)

    def work():
        for _ in range(repeats):
            scipy.linalg.cho_solve(factor, b, check_finite=False)

    return work
