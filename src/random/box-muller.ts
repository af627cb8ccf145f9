/**
 * The Box–Muller transform of one block of bits into two standard normal numbers (G. E. P. Box and M. E. Muller, 1958):
 *
 *   u = (w0 + 1/2) / 2^32,  θ = 2π w1 / 2^32 (w1 as a signed word),  (z0, z1) = sqrt(-2 ln u) (cos θ, sin θ).
 *
 * Only additions, multiplications and square roots of IEEE doubles are used, no `Math.log` or `Math.sin` whose last bits
 * differ between engines: equal bits give equal normals on every machine. Absolute errors are below 1e-14.
 */

const TABLE_BITS = 7;
const TABLE = 1 << TABLE_BITS;

// Reciprocals c_i of 128 parts of [1, 2), cut to 20 bits so that c_i m - 1 is exact for a 33-bit m, and 2 ln(2 c_i).
const reciprocal = new Float64Array(TABLE);
const offset = new Float64Array(TABLE);
// 2^(lz - 31), which brings a word with lz leading zeros into [1, 2).
const scale = Float64Array.from({ length: 33 }, (_, lz) => 2 ** (lz - 31));

for (let i = 0; i < TABLE; i++) {
  // the outer parts take 1 and 1/2, which makes both ends of the interval exact
  const centre = i === 0 ? 1 : i === TABLE - 1 ? 2 : 1 + (i + 0.5) / TABLE;
  reciprocal[i] = Math.round(2 ** 19 / centre) / 2 ** 19;
  offset[i] = 2 * logarithm(2 * reciprocal[i]);
}

/** ln x for x in [1, 2] by its series in (x - 1) / (x + 1), summed from the small end. */
function logarithm(x: number): number {
  const q = (x - 1) / (x + 1);
  let sum = 0;
  for (let n = 41; n >= 1; n -= 2) sum = sum * q * q + 1 / n;
  return 2 * q * sum;
}

const TWO_LN2: number = 2 * logarithm(2);

/** Normals 2b and 2b+1 from place `at` of `out` are those of the words 2b and 2b+1, for b below `count`. */
export function boxMuller(words: Uint32Array, count: number, out: Float64Array, at: number): void {
  for (let b = 0; b < 2 * count; b += 2) {
    const w = words[b];
    const lz = Math.clz32(w);
    // -2 ln u = 2 ln 2 · lz + 2 ln(2 c) - 2 ln(1 + r) with m = (w + 1/2) 2^(lz-31) in [1, 2) and r = c m - 1
    const i = ((w << lz) >>> (31 - TABLE_BITS)) & (TABLE - 1);
    const r = (w + 0.5) * scale[lz] * reciprocal[i] - 1;
    const log =
      r * (2 + r * (-1 + r * (2 / 3 + r * (-1 / 2 + r * (2 / 5 + r * (-1 / 3 + r * (2 / 7 - r / 4)))))));
    const radius = Math.sqrt(lz * TWO_LN2 + offset[i] - log);

    // cos and sin of half the angle, πx with x in [-1/2, 1/2), as polynomials in y = x²; then doubled
    const x = (words[b + 1] | 0) * 2 ** -32;
    const y = x * x;
    const y2 = y * y;
    const y4 = y2 * y2;
    const sin =
      x *
      (3.141592653589793 -
        5.167712780049969 * y +
        (2.5501640398773007 - 0.5992645293189447 * y) * y2 +
        (0.0821458865731029 -
          0.007370430505916944 * y +
          (0.0004662998161898394 - 2.1903497074626018e-5 * y) * y2 +
          7.697826768224191e-7 * y4) *
          y4);
    const cos =
      1 -
      4.934802200544676 * y +
      (4.058712126416497 - 1.335262768843447 * y) * y2 +
      (0.23533063012953284 -
        0.025806888737002202 * y +
        (0.0019295562724817132 - 0.00010456655338748738 * y) * y2 +
        4.149564353942586e-6 * y4) *
        y4;
    out[at + b] = radius * (cos - sin) * (cos + sin);
    out[at + b + 1] = radius * 2 * sin * cos;
  }
}
