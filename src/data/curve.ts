import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** A smooth arc t ↦ c(t) with the law of t on it. */
export interface Arc {
  readonly low: number;
  readonly high: number;
  /** Write c(t) into `out`. */
  point(t: number, out: Float64Array): void;
  /** Write c'(t) into `out`. */
  velocity(t: number, out: Float64Array): void;
  /** Probability density of the parameter, integrating to the arc's share. */
  density(t: number): number;
}

/** The noise-free set of a toy: arcs in the first `dim` coordinates; further coordinates are free. */
export interface Curve {
  readonly dim: number;
  readonly arcs: readonly Arc[];
}

/** Feet of perpendiculars: for each point its distance to the curve, and the foot and the unit tangent there. */
export interface Projection {
  /** n numbers */
  readonly distance: Float64Array;
  /** n·curve.dim numbers */
  readonly foot: Float64Array;
  /** n·curve.dim numbers */
  readonly tangent: Float64Array;
}

/** Points by which the nearest stretch of an arc is found before bisection. */
const SCAN = 1024;

/**
 * Project points on a curve: min_t |x - c(t)| by a scan of every arc and bisection of (c(t) - x)·c'(t).
 *
 * @param x n·dim numbers; the first curve.dim coordinates count
 * @param dim coordinates of a point, curve.dim by default
 * @throws ArgumentError
 */
export function project(curve: Curve, x: Float64Array, dim: number = curve.dim): Projection {
  checkInteger("dim", dim, { min: curve.dim });
  const n = checkPoints("x", x, dim);
  const m = curve.dim;
  const distance = new Float64Array(n).fill(Infinity);
  const foot = new Float64Array(n * m);
  const tangent = new Float64Array(n * m);
  const velocity = new Float64Array(m);
  for (const arc of curve.arcs) {
    const scan = curvePoints({ dim: m, arcs: [arc] }, SCAN + 1);
    for (let i = 0; i < n; i++) {
      const point = x.subarray(i * dim, i * dim + m);
      const t = bisect(arc, point, nearestNode(scan, point));
      const at = new Float64Array(m);
      arc.point(t, at);
      const d = Math.hypot(...at.map((value, k) => value - point[k]));
      if (d >= distance[i]) continue;
      distance[i] = d;
      arc.velocity(t, velocity);
      const speed = Math.hypot(...velocity);
      foot.set(at, i * m);
      tangent.set(
        velocity.map((v) => v / speed),
        i * m,
      );
    }
  }
  return { distance, foot, tangent };
}

/**
 * `perArc` points on every arc of a curve, equally spaced in the parameter, ends included: arcs·perArc·curve.dim numbers.
 *
 * @throws ArgumentError for fewer than two points an arc, or a curve without arcs
 */
export function curvePoints(curve: Curve, perArc: number): Float64Array {
  checkInteger("perArc", perArc, { min: 2 });
  if (curve.arcs.length === 0) throw new ArgumentError("curve.arcs", curve.arcs, "at least one arc");
  const m = curve.dim;
  const out = new Float64Array(curve.arcs.length * perArc * m);
  curve.arcs.forEach((arc, a) => {
    for (let k = 0; k < perArc; k++) {
      const at = (a * perArc + k) * m;
      arc.point(arc.low + ((arc.high - arc.low) * k) / (perArc - 1), out.subarray(at, at + m));
    }
  });
  return out;
}

function nearestNode(scan: Float64Array, point: Float64Array): number {
  const m = point.length;
  let best = 0;
  let least = Infinity;
  for (let k = 0; k <= SCAN; k++) {
    let sum = 0;
    for (let c = 0; c < m; c++) sum += (scan[k * m + c] - point[c]) ** 2;
    if (sum < least) [best, least] = [k, sum];
  }
  return best;
}

/** The parameter between the neighbours of a node where the distance's slope changes sign, or an end of the arc. */
function bisect(arc: Arc, point: Float64Array, node: number): number {
  const step = (arc.high - arc.low) / SCAN;
  let low = Math.max(arc.low, arc.low + (node - 1) * step);
  let high = Math.min(arc.high, arc.low + (node + 1) * step);
  const c = new Float64Array(point.length);
  const v = new Float64Array(point.length);
  const slope = (t: number): number => {
    arc.point(t, c);
    arc.velocity(t, v);
    let sum = 0;
    for (let k = 0; k < c.length; k++) sum += (c[k] - point[k]) * v[k];
    return sum;
  };
  if (slope(low) >= 0) return low;
  if (slope(high) <= 0) return high;
  for (let i = 0; i < 48; i++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
