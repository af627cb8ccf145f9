import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/**
 * Shapes as grey pictures on a coarser grid: the share of each cell that is inside, where the signed distance is negative.
 *
 * Shapes on grids of any size become pictures of one size, for a judge that knows only that one.
 *
 * @param distances count·n² numbers
 * @param to points an axis of a picture, a divisor of n
 * @returns count·to² numbers from 0 to 1
 * @throws ArgumentError
 */
export function coverage(distances: Float64Array, n: number, to: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  checkInteger("to", to, { min: 1, max: n });
  if (n % to !== 0) throw new ArgumentError("to", to, `a divisor of n = ${n}`);
  const count = checkPoints("distances", distances, n * n);
  const each = n / to;
  const out = new Float64Array(count * to * to);
  for (let line = 0; line < count * n; line++) {
    // lines of all shapes under each other, `each` of them to a line of cells
    const row = Math.floor(line / each) * to;
    for (let j = 0; j < n; j++) {
      if (distances[line * n + j] < 0) out[row + Math.floor(j / each)] += 1 / (each * each);
    }
  }
  return out;
}
