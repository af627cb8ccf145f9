import { checkRows, fftPlan, type FftPlan } from "./fft-plan.js";

/**
 * Fourier transforms of real rows, the half that the other half mirrors: X_k = Σ_j x_j e^{-2πi jk/n}, k = 0..n/2.
 *
 * Two rows are packed into one complex transform: z = x + iy has X_k = (Z_k + conj Z_{n-k})/2 and Y_k = (Z_k - conj Z_{n-k})/2i.
 *
 * @param x rows of n numbers
 * @param n a power of two
 * @returns rows of n/2 + 1 interleaved complex numbers
 * @throws ArgumentError
 */
export function rfft(x: Float64Array, n: number): Float64Array {
  const plan = fftPlan("n", n);
  const rows = checkRows("x", x, n);
  const width = n + 2;
  const out = new Float64Array(rows * width);
  for (let r = 0; r < rows; r += 2) {
    loadPair(plan, x, r * n, r + 1 < rows ? (r + 1) * n : -1);
    plan.run();
    unpack(plan.output, n, out, r * width, r + 1 < rows ? (r + 1) * width : -1);
  }
  return out;
}

/**
 * The real rows of half spectra: x_j = (1/n) Σ_k X_k e^{2πi jk/n}; imaginary parts at k = 0 and n/2 are left out.
 *
 * @param spectra rows of n/2 + 1 interleaved complex numbers
 * @param n a power of two
 * @returns rows of n numbers
 * @throws ArgumentError
 */
export function irfft(spectra: Float64Array, n: number): Float64Array {
  const plan = fftPlan("n", n);
  const width = n + 2;
  const rows = checkRows("spectra", spectra, width);
  const out = new Float64Array(rows * n);
  for (let r = 0; r < rows; r += 2) {
    const second = r + 1 < rows;
    packReversed(plan.input, n, spectra, r * width, second ? (r + 1) * width : -1);
    plan.run();
    storePair(plan, out, r * n, second ? (r + 1) * n : -1);
  }
  return out;
}

function loadPair({ input, size }: FftPlan, x: Float64Array, first: number, second: number): void {
  for (let j = 0; j < size; j++) {
    input[2 * j] = x[first + j];
    input[2 * j + 1] = second < 0 ? 0 : x[second + j];
  }
}

function storePair({ output, size }: FftPlan, out: Float64Array, first: number, second: number): void {
  for (let j = 0; j < size; j++) {
    out[first + j] = output[2 * j] / size;
    if (second >= 0) out[second + j] = output[2 * j + 1] / size;
  }
}

/** The half spectra of two real rows from the transform of the first plus i times the second. */
export function unpack(z: Float64Array, n: number, out: Float64Array, first: number, second: number): void {
  for (let k = 0; k <= n / 2; k++) {
    const a = 2 * k;
    const b = 2 * ((n - k) % n);
    out[first + a] = (z[a] + z[b]) / 2;
    out[first + a + 1] = (z[a + 1] - z[b + 1]) / 2;
    if (second < 0) continue;
    out[second + a] = (z[a + 1] + z[b + 1]) / 2;
    out[second + a + 1] = (z[b] - z[a]) / 2;
  }
}

/** X + iY on all n wavenumbers, in reversed order, from two half spectra: transformed forwards it gives n (x + iy). */
export function packReversed(
  z: Float64Array,
  n: number,
  spectra: Float64Array,
  first: number,
  second: number,
): void {
  for (let k = 0; k <= n / 2; k++) {
    const edge = k === 0 || k === n / 2;
    const xr = spectra[first + 2 * k];
    const xi = edge ? 0 : spectra[first + 2 * k + 1];
    const yr = second < 0 ? 0 : spectra[second + 2 * k];
    const yi = second < 0 || edge ? 0 : spectra[second + 2 * k + 1];
    const up = 2 * ((n - k) % n);
    const down = 2 * k;
    z[up] = xr - yi;
    z[up + 1] = xi + yr;
    z[down] = xr + yi;
    z[down + 1] = yr - xi;
  }
}
