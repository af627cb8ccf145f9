/** Slopes at the data of the cubic interpolants. */

/**
 * Slopes that keep each cubic piece as monotone as its data: the weighted harmonic mean of the two secants where they agree in
 * sign, else 0.
 *
 * Source: F. N. Fritsch, J. Butland, "A method for constructing local monotone piecewise cubic interpolants", 1984.
 */
export function monotoneSlopes(x: Float64Array, y: Float64Array): Float64Array {
  const { width, secant } = secants(x, y);
  const last = secant.length;
  const slopes = new Float64Array(x.length);
  for (let i = 1; i < last; i++) {
    if (secant[i - 1] * secant[i] <= 0) continue;
    const w1 = 2 * width[i] + width[i - 1];
    const w2 = width[i] + 2 * width[i - 1];
    slopes[i] = (w1 + w2) / (w1 / secant[i - 1] + w2 / secant[i]);
  }
  if (last === 1) return slopes.fill(secant[0]);
  slopes[0] = endSlope(width[0], width[1], secant[0], secant[1]);
  slopes[last] = endSlope(width[last - 1], width[last - 2], secant[last - 1], secant[last - 2]);
  return slopes;
}

/** The parabola's slope at the end, cut so that the end piece stays monotone. */
function endSlope(h0: number, h1: number, s0: number, s1: number): number {
  const slope = ((2 * h0 + h1) * s0 - h0 * s1) / (h0 + h1);
  if (slope * s0 <= 0) return 0;
  return s0 * s1 <= 0 && Math.abs(slope) > 3 * Math.abs(s0) ? 3 * s0 : slope;
}

/** Slopes of the cubic spline with continuous second derivative, zero at both ends: a tridiagonal system. */
export function naturalSlopes(x: Float64Array, y: Float64Array): Float64Array {
  const { width, secant } = secants(x, y);
  const last = secant.length;
  const slopes = new Float64Array(x.length);
  const upper = new Float64Array(x.length);
  upper[0] = 0.5;
  slopes[0] = 1.5 * secant[0];
  for (let i = 1; i < last; i++) {
    // h_i m_{i-1} + 2 (h_{i-1} + h_i) m_i + h_{i-1} m_{i+1} = 3 (h_i s_{i-1} + h_{i-1} s_i), divided by h_{i-1} + h_i
    const ratio = width[i] / (width[i - 1] + width[i]);
    const pivot = 2 - ratio * upper[i - 1];
    upper[i] = (1 - ratio) / pivot;
    slopes[i] = (3 * (ratio * secant[i - 1] + (1 - ratio) * secant[i]) - ratio * slopes[i - 1]) / pivot;
  }
  slopes[last] = (3 * secant[last - 1] - slopes[last - 1]) / (2 - upper[last - 1]);
  for (let i = last - 1; i >= 0; i--) slopes[i] -= upper[i] * slopes[i + 1];
  return slopes;
}

function secants(x: Float64Array, y: Float64Array): { width: Float64Array; secant: Float64Array } {
  const width = Float64Array.from({ length: x.length - 1 }, (_, i) => x[i + 1] - x[i]);
  return { width, secant: width.map((h, i) => (y[i + 1] - y[i]) / h) };
}
