import { checkInteger, checkPoints } from "../core/checks.js";
import { normal, permutation, split, uniform, type Key } from "../random/index.js";
import type { Arc } from "./curve.js";
import type { CurveTarget } from "./curve-target.js";
import { smoothedCurve } from "./smoothed-curve.js";

const NOISE = 0.1;
const LONGEST = 3 * Math.PI;
/** The uniform noise of the generator, on [0, 1/2) in each coordinate before the division by 3. */
const SIDE = 1 / 6;

/**
 * Two spirals: ±p + 0.1 ξ with p = (-r cos r + u1/2, r sin r + u2/2) / 3, r = 3π √u and u, u1, u2 uniform on (0, 1).
 *
 * Half of the points lie on each arm, in random order. The noise-free curve takes u1 = u2 = 1/2.
 */
export function twoSpirals(): CurveTarget {
  const curve = { dim: 2, arcs: [arm(1), arm(-1)] };
  const plane = smoothedCurve(curve, NOISE, SIDE);
  return {
    dim: 2,
    noise: NOISE,
    logNormConst: 0,
    curve,
    logDensity: (x) => (checkPoints("x", x, 2), plane.logDensity(x)),
    score: (x) => (checkPoints("x", x, 2), plane.score(x)),
    sample,
  };
}

function arm(sign: number): Arc {
  return {
    low: 0,
    high: LONGEST,
    point(r, out) {
      out[0] = sign * (SIDE / 2 - (r * Math.cos(r)) / 3);
      out[1] = sign * (SIDE / 2 + (r * Math.sin(r)) / 3);
    },
    velocity(r, out) {
      out[0] = (sign * (r * Math.sin(r) - Math.cos(r))) / 3;
      out[1] = (sign * (r * Math.cos(r) + Math.sin(r))) / 3;
    },
    // half of 2r / (3π)², the law of 3π √u
    density: (r) => r / LONGEST ** 2,
  };
}

function sample(key: Key, n: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  const [order, radii, squares, noises] = split(key, 4);
  const u = uniform(radii, n);
  const v = uniform(squares, 2 * n);
  const xi = normal(noises, 2 * n);
  const out = new Float64Array(2 * n);
  permutation(order, n).forEach((place, i) => {
    const sign = i < Math.ceil(n / 2) ? 1 : -1;
    const r = LONGEST * Math.sqrt(u[i]);
    out[2 * place] = (sign * (v[2 * i] / 2 - r * Math.cos(r))) / 3 + NOISE * xi[2 * i];
    out[2 * place + 1] = (sign * (v[2 * i + 1] / 2 + r * Math.sin(r))) / 3 + NOISE * xi[2 * i + 1];
  });
  return out;
}
