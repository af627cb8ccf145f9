import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/**
 * Shares of the points nearest to each centre.
 *
 * @param points n·dim numbers
 * @param centres modes·dim numbers
 * @param weights n numbers that sum to one; equal by default
 * @returns one share a centre; they sum to one
 * @throws ArgumentError for ragged or non-finite points or centres, or another number of weights
 */
export function modeWeights(
  points: Float64Array,
  centres: Float64Array,
  dim: number,
  weights?: Float64Array,
): Float64Array {
  checkInteger("dim", dim, { min: 1 });
  const modes = checkPoints("centres", centres, dim);
  return shares(points, dim, modes, weights, (row) => {
    let [nearest, least] = [0, Infinity];
    for (let k = 0; k < modes; k++) {
      let square = 0;
      for (let j = 0; j < dim; j++) square += (points[row + j] - centres[k * dim + j]) ** 2;
      if (square < least) [nearest, least] = [k, square];
    }
    return nearest;
  });
}

/**
 * Shares of the 2^wells patterns of signs of the first `wells` coordinates: pattern Σ_i 2^i [x_i > 0].
 *
 * @param points n·dim numbers
 * @param weights n numbers that sum to one; equal by default
 * @throws ArgumentError for ragged or non-finite points, more wells than coordinates (20 at most), or another number of weights
 */
export function signPatternWeights(
  points: Float64Array,
  dim: number,
  wells: number,
  weights?: Float64Array,
): Float64Array {
  checkInteger("dim", dim, { min: 1 });
  checkInteger("wells", wells, { min: 1, max: Math.min(dim, 20) });
  return shares(points, dim, 2 ** wells, weights, (row) => {
    let pattern = 0;
    for (let i = 0; i < wells; i++) if (points[row + i] > 0) pattern += 2 ** i;
    return pattern;
  });
}

function shares(
  points: Float64Array,
  dim: number,
  modes: number,
  weights: Float64Array | undefined,
  modeOf: (row: number) => number,
): Float64Array {
  const n = checkPoints("points", points, dim);
  if (weights !== undefined && weights.length !== n)
    throw new ArgumentError("weights", weights, `${n} numbers`);
  const out = new Float64Array(modes);
  for (let i = 0; i < n; i++) out[modeOf(i * dim)] += weights?.[i] ?? 1 / n;
  return out;
}
