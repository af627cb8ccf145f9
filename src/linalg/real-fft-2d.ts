import { checkGridSize, checkRows, fftPlan } from "./fft-plan.js";
import { irfft, rfft } from "./real-fft.js";

/**
 * Fourier transforms of square real fields, the half plane that the other half mirrors:
 *
 *   X_{kl} = Σ_{ij} x_ij e^{-2πi (ik + jl)/n},  k = 0..n-1 down,  l = 0..n/2 across
 *
 * @param fields n·n numbers each
 * @param n a power of two
 * @returns n·(n/2 + 1) interleaved complex numbers each
 * @throws ArgumentError
 */
export function rfft2(fields: Float64Array, n: number): Float64Array {
  checkGridSize("n", n);
  checkRows("fields", fields, n * n);
  const spectra = rfft(fields, n);
  columns(spectra, n, 1);
  return spectra;
}

/**
 * The real fields of half spectra, the inverse of `rfft2`.
 *
 * @param spectra n·(n/2 + 1) interleaved complex numbers each
 * @param n a power of two
 * @returns n·n numbers each
 * @throws ArgumentError
 */
export function irfft2(spectra: Float64Array, n: number): Float64Array {
  checkGridSize("n", n);
  checkRows("spectra", spectra, n * (n + 2));
  const work = spectra.slice();
  columns(work, n, -1);
  return irfft(work, n);
}

/** Transform every column in place, forwards or backwards. */
function columns(spectra: Float64Array, n: number, direction: 1 | -1): void {
  const plan = fftPlan("n", n);
  const { input, output } = plan;
  const width = n + 2;
  const scale = direction === 1 ? 1 : 1 / n;
  for (let field = 0; field < spectra.length; field += n * width) {
    for (let l = 0; l < width; l += 2) {
      for (let k = 0; k < n; k++) {
        const from = field + k * width + l;
        const to = direction === 1 ? 2 * k : 2 * ((n - k) % n);
        input[to] = spectra[from];
        input[to + 1] = spectra[from + 1];
      }
      plan.run();
      for (let k = 0; k < n; k++) {
        const to = field + k * width + l;
        spectra[to] = scale * output[2 * k];
        spectra[to + 1] = scale * output[2 * k + 1];
      }
    }
  }
}
