import { checkInteger, checkPoints } from "../core/checks.js";
import { normal, permutation, split, type Key } from "../random/index.js";
import type { Arc } from "./curve.js";
import type { CurveTarget } from "./curve-target.js";
import { smoothedCurve } from "./smoothed-curve.js";

const NOISE = 0.02;

/**
 * Two interleaved half circles of radius 2 with noise of 0.02: 2 [(cos a, sin a) or (1 - cos a, 1/2 - sin a) + 0.01 ξ]
 * - (1, 0.2), the angles of each arc equally spaced from 0 to π (formula of scikit-learn's make_moons).
 *
 * A sample of n points has its angles fixed by n; points come in random order. The density is that of uniform angles.
 */
export function moons(): CurveTarget {
  const curve = { dim: 2, arcs: [halfCircle(-1, -0.2, 1), halfCircle(1, 0.8, -1)] };
  const plane = smoothedCurve(curve, NOISE);
  return {
    dim: 2,
    noise: NOISE,
    logNormConst: 0,
    curve,
    logDensity: (x) => (checkPoints("x", x, 2), plane.logDensity(x)),
    score: (x) => (checkPoints("x", x, 2), plane.score(x)),
    sample: (key, n) => sample(curve.arcs, key, n),
  };
}

function halfCircle(x: number, y: number, sign: number): Arc {
  return {
    low: 0,
    high: Math.PI,
    point(t, out) {
      out[0] = x + 2 * sign * Math.cos(t);
      out[1] = y + 2 * sign * Math.sin(t);
    },
    velocity(t, out) {
      out[0] = -2 * sign * Math.sin(t);
      out[1] = 2 * sign * Math.cos(t);
    },
    density: () => 1 / (2 * Math.PI),
  };
}

function sample(arcs: readonly Arc[], key: Key, n: number): Float64Array {
  checkInteger("n", n, { min: 2 });
  const [order, noises] = split(key);
  const first = Math.floor(n / 2);
  const xi = normal(noises, 2 * n);
  const out = new Float64Array(2 * n);
  permutation(order, n).forEach((place, i) => {
    const [arc, index, count] = i < first ? [arcs[0], i, first] : [arcs[1], i - first, n - first];
    const at = out.subarray(2 * place, 2 * place + 2);
    arc.point(count === 1 ? Math.PI / 2 : (Math.PI * index) / (count - 1), at);
    at[0] += NOISE * xi[2 * i];
    at[1] += NOISE * xi[2 * i + 1];
  });
  return out;
}
