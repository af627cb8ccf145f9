import { checkInteger, checkKeys, checkOneOf, checkPoints } from "../core/checks.js";
import { normal, split, uniform, type Key } from "../random/index.js";
import type { Curve } from "./curve.js";
import type { CurveTarget } from "./curve-target.js";
import { smoothedCurve, type PlaneDensity } from "./smoothed-curve.js";

const NOISE = 0.2;
const LOW = 1.5 * Math.PI;
const HIGH = 4.5 * Math.PI;
/** The coordinates 3 to 5 in six dimensions are 2x + .., x + y + .., x - 2y + .. with noise of this size. */
const LIFT = [
  [2, 0],
  [1, 1],
  [1, -2],
];
const LIFT_NOISE = 0.1;

/** Options of `swissRoll`. */
export interface SwissRollOptions {
  /** 2 (the plane), 3 (a normal third coordinate) or 6 (three noisy linear coordinates, a normal sixth); default 2. */
  readonly dim?: 2 | 3 | 6;
}

/**
 * The swiss roll: (x, y) = (t cos t + ξ1, t sin t + ξ2) / 5 with t uniform on [3π/2, 9π/2], so noise of 0.2 about a spiral.
 *
 * In 3 dimensions the third coordinate is N(0, 1). In 6 they are (x, y, 2x + 0.1 ε1, x + y + 0.1 ε2, x - 2y + 0.1 ε3, ε4).
 * Mean (0.400, 0.044), covariance [[1.796, 0.172], [0.172, 1.973]] in the plane (formula of scikit-learn's make_swiss_roll).
 *
 * @throws ArgumentError for another dimension
 */
export function swissRoll(options: SwissRollOptions = {}): CurveTarget {
  checkKeys("options", options, ["dim"]);
  const dim = Number(checkOneOf("dim", String(options.dim ?? 2), ["2", "3", "6"]));
  const curve = dim === 6 ? lifted() : spiral();
  const plane = smoothedCurve(spiral(), NOISE);
  return {
    dim,
    noise: NOISE,
    logNormConst: 0,
    curve,
    logDensity: (x) => logDensity(plane, x, dim),
    score: (x) => score(plane, x, dim),
    sample: (key, n) => sample(key, n, dim),
  };
}

function spiral(): Curve {
  const arc = {
    low: LOW,
    high: HIGH,
    point(t: number, out: Float64Array): void {
      out[0] = (t * Math.cos(t)) / 5;
      out[1] = (t * Math.sin(t)) / 5;
    },
    velocity(t: number, out: Float64Array): void {
      out[0] = (Math.cos(t) - t * Math.sin(t)) / 5;
      out[1] = (Math.sin(t) + t * Math.cos(t)) / 5;
    },
    density: (): number => 1 / (HIGH - LOW),
  };
  return { dim: 2, arcs: [arc] };
}

/** The spiral in the first five of six coordinates. */
function lifted(): Curve {
  const lift = (out: Float64Array): void =>
    LIFT.forEach(([a, b], k) => (out[2 + k] = a * out[0] + b * out[1]));
  const [arc] = spiral().arcs;
  const point = (t: number, out: Float64Array): void => (arc.point(t, out), lift(out));
  const velocity = (t: number, out: Float64Array): void => (arc.velocity(t, out), lift(out));
  return { dim: 5, arcs: [{ ...arc, point, velocity }] };
}

function sample(key: Key, n: number, dim: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  const [angles, noises, others] = split(key, 3);
  const u = uniform(angles, n);
  const xi = normal(noises, 2 * n);
  const rest = normal(others, (dim - 2) * n);
  const out = new Float64Array(n * dim);
  for (let i = 0; i < n; i++) {
    const t = LOW * (1 + 2 * u[i]);
    const x = (t * Math.cos(t) + xi[2 * i]) / 5;
    const y = (t * Math.sin(t) + xi[2 * i + 1]) / 5;
    out[i * dim] = x;
    out[i * dim + 1] = y;
    for (let k = 2; k < dim; k++) out[i * dim + k] = rest[i * (dim - 2) + k - 2];
    if (dim === 6) LIFT.forEach(([a, b], k) => raise(out, i * dim + 2 + k, a * x + b * y));
  }
  return out;
}

function raise(out: Float64Array, at: number, mean: number): void {
  out[at] = mean + LIFT_NOISE * out[at];
}

function planeOf(x: Float64Array, dim: number): Float64Array {
  const n = checkPoints("x", x, dim);
  const out = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    out[2 * i] = x[i * dim];
    out[2 * i + 1] = x[i * dim + 1];
  }
  return out;
}

function logDensity(plane: PlaneDensity, x: Float64Array, dim: number): Float64Array {
  const out = plane.logDensity(planeOf(x, dim));
  const constants = -0.5 * (dim - 2) * Math.log(2 * Math.PI) - (dim === 6 ? 3 * Math.log(LIFT_NOISE) : 0);
  for (let i = 0; dim > 2 && i < out.length; i++) {
    const row = x.subarray(i * dim, (i + 1) * dim);
    out[i] += constants - 0.5 * row[dim - 1] ** 2;
    if (dim === 6) LIFT.forEach((_, k) => (out[i] -= 0.5 * (residual(row, k) / LIFT_NOISE) ** 2));
  }
  return out;
}

function score(plane: PlaneDensity, x: Float64Array, dim: number): Float64Array {
  const inPlane = plane.score(planeOf(x, dim));
  const out = new Float64Array(x.length);
  for (let i = 0; i < inPlane.length / 2; i++) {
    const row = x.subarray(i * dim, (i + 1) * dim);
    const s = out.subarray(i * dim, (i + 1) * dim);
    s.set(inPlane.subarray(2 * i, 2 * i + 2));
    if (dim > 2) s[dim - 1] = -row[dim - 1];
    if (dim === 6) LIFT.forEach((_, k) => pull(row, s, k));
  }
  return out;
}

/** What a lifted coordinate adds to the score: -r/σ² to itself, and its share to the plane. */
function pull(row: Float64Array, s: Float64Array, k: number): void {
  const slope = residual(row, k) / LIFT_NOISE ** 2;
  s[0] += LIFT[k][0] * slope;
  s[1] += LIFT[k][1] * slope;
  s[2 + k] = -slope;
}

function residual(row: Float64Array, k: number): number {
  return row[2 + k] - LIFT[k][0] * row[0] - LIFT[k][1] * row[1];
}
