"""Time steps of the vorticity equation with scipy.fft on two threads: Crank-Nicolson diffusion and Heun, flux form, strict 2/3 rule."""

import numpy
import scipy.fft


def steps(size, batch, steps, viscosity=1 / 500, dt=0.02, workers=2):
    kx = numpy.fft.fftfreq(size, 1 / size)[:, None]
    ky = numpy.fft.rfftfreq(size, 1 / size)[None, :]
    square = kx**2 + ky**2
    inverse = 1 / numpy.where(square == 0, 1, square)
    keep = (numpy.abs(kx) <= size / 3) & (numpy.abs(ky) <= size / 3)
    rng = numpy.random.default_rng(0)

    def forward(fields):
        return scipy.fft.rfft2(fields, workers=workers)

    def back(spectra):
        return scipy.fft.irfft2(spectra, s=(size, size), workers=workers)

    start = forward(rng.standard_normal((batch, size, size)) / 100) * keep
    forcing = forward(rng.standard_normal((batch, size, size)) / 100) * keep
    half = dt * viscosity * square / 2

    def rate(w):
        psi = w * inverse
        vorticity = back(w)
        u, v = back(1j * ky * psi), back(-1j * kx * psi)
        return forcing - 1j * (kx * forward(u * vorticity) + ky * forward(v * vorticity)) * keep

    def run():
        w = start
        for _ in range(steps):
            first = rate(w)
            guess = (w * (1 - half) + dt * first) / (1 + half)
            w = (w * (1 - half) + dt / 2 * (first + rate(guess))) / (1 + half)
        return w

    return run
