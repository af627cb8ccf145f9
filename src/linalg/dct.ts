import { checkRows, fftPlan } from "./fft-plan.js";
import { packReversed, unpack } from "./real-fft.js";

/**
 * Orthonormal cosine transforms of rows (DCT-II): y_k = s_k Σ_j x_j cos(π k (2j+1)/2n), s_0 = sqrt(1/n), s_k = sqrt(2/n).
 *
 * Even entries forwards, then odd ones backwards, make a row whose Fourier transform gives y by one rotation (Makhoul 1980); two
 * rows share a complex transform.
 *
 * @param x rows of n numbers
 * @param n a power of two
 * @throws ArgumentError
 */
export function dct(x: Float64Array, n: number): Float64Array {
  const plan = fftPlan("n", n);
  const rows = checkRows("x", x, n);
  const out = new Float64Array(x.length);
  const half = new Float64Array(2 * (n + 2));
  const { cos, sin } = rotations(n);
  for (let r = 0; r < rows; r += 2) {
    const both = r + 1 < rows;
    for (let j = 0; j < n; j++) {
      const from = j < n / 2 ? 2 * j : 2 * (n - 1 - j) + 1;
      plan.input[2 * j] = x[r * n + from];
      plan.input[2 * j + 1] = both ? x[(r + 1) * n + from] : 0;
    }
    plan.run();
    unpack(plan.output, n, half, 0, n + 2);
    for (let row = 0; row < (both ? 2 : 1); row++)
      rotate(half, row * (n + 2), out, (r + row) * n, n, cos, sin);
  }
  return out;
}

/** y_k = s_k Re(V_k e^{-iπk/2n}) from a half spectrum; above n/2 the mirrored half serves. */
function rotate(
  half: Float64Array,
  at: number,
  out: Float64Array,
  to: number,
  n: number,
  cos: Float64Array,
  sin: Float64Array,
): void {
  const scale = Math.sqrt(2 / n);
  for (let k = 0; k < n; k++) {
    const mirrored = k > n / 2;
    const place = at + 2 * (mirrored ? n - k : k);
    const imaginary = mirrored ? -half[place + 1] : half[place + 1];
    out[to + k] = scale * (half[place] * cos[k] + imaginary * sin[k]);
  }
  out[to] *= Math.SQRT1_2;
}

/**
 * The inverse of `dct` (DCT-III): x_j = Σ_k s_k y_k cos(π k (2j+1)/2n).
 *
 * @param y rows of n numbers
 * @param n a power of two
 * @throws ArgumentError
 */
export function idct(y: Float64Array, n: number): Float64Array {
  const plan = fftPlan("n", n);
  const rows = checkRows("y", y, n);
  const out = new Float64Array(y.length);
  const half = new Float64Array(2 * (n + 2));
  const { cos, sin } = rotations(n);
  for (let r = 0; r < rows; r += 2) {
    const both = r + 1 < rows;
    for (let row = 0; row < (both ? 2 : 1); row++)
      unrotate(y, (r + row) * n, half, row * (n + 2), n, cos, sin);
    packReversed(plan.input, n, half, 0, both ? n + 2 : -1);
    plan.run();
    for (let j = 0; j < n; j++) {
      const to = j < n / 2 ? 2 * j : 2 * (n - 1 - j) + 1;
      out[r * n + to] = plan.output[2 * j] / n;
      if (both) out[(r + 1) * n + to] = plan.output[2 * j + 1] / n;
    }
  }
  return out;
}

/** V_k = e^{iπk/2n} (c_k - i c_{n-k}) with c = y/s. */
function unrotate(
  y: Float64Array,
  at: number,
  half: Float64Array,
  to: number,
  n: number,
  cos: Float64Array,
  sin: Float64Array,
): void {
  const scale = Math.sqrt(n / 2);
  for (let k = 0; k <= n / 2; k++) {
    const c = k === 0 ? Math.SQRT2 * scale * y[at] : scale * y[at + k];
    const d = k === 0 ? 0 : scale * y[at + n - k];
    half[to + 2 * k] = c * cos[k] + d * sin[k];
    half[to + 2 * k + 1] = c * sin[k] - d * cos[k];
  }
}

const tables = new Map<number, { readonly cos: Float64Array; readonly sin: Float64Array }>();

function rotations(n: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const known = tables.get(n);
  if (known !== undefined) return known;
  const angle = (_: unknown, k: number): number => (Math.PI * k) / (2 * n);
  const angles = Float64Array.from({ length: n }, angle);
  const made = { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
  tables.set(n, made);
  return made;
}
