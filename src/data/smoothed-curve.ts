import { gaussLegendre } from "../linalg/index.js";
import type { Arc, Curve } from "./curve.js";

/** Log density and its gradient for points on the plane. */
export interface PlaneDensity {
  /** log p(x), n numbers */
  logDensity(x: Float64Array): Float64Array;
  /** ∇ log p(x), 2n numbers */
  score(x: Float64Array): Float64Array;
}

/** Quadrature nodes of a curve, panel by panel; a panel is skipped where it cannot matter. */
interface Nodes {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly logWeight: Float64Array;
  /** Panel p has the nodes start[p], ..., start[p + 1] - 1 within radius[p] of (centreX[p], centreY[p]). */
  readonly start: Int32Array;
  readonly centreX: Float64Array;
  readonly centreY: Float64Array;
  readonly radius: Float64Array;
}

/** Quadrature of the uniform law along one side of the square, and half the distance of its outer nodes. */
interface Side {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly reach: number;
}

/** A panel is at most this many standard deviations long, so its 10 nodes integrate a Gaussian to about 1e-14. */
const PANEL_LENGTH = 1.5;
const PANEL_NODES = 10;
const SIDE_NODES = 6;
/** Terms below exp(-45) of the greatest do not change a sum. */
const DEPTH = 45;

/**
 * The law of c(t) + u + σ ξ on the plane: t on the arcs of a curve, u uniform on a square, ξ standard normal;
 *
 *   p(x) = Σ_arcs ∫ q(t) E_u N(x; c(t) + u, σ² I) dt, by Gauss–Legendre panels along the arcs and across the square.
 *
 * @param side length of the square centred at 0, 0 for none; up to 2σ (then exact to about 1e-9)
 */
export function smoothedCurve(curve: Curve, stddev: number, side: number = 0): PlaneDensity {
  const square = sideNodes(side);
  const nodes = collect(
    curve.arcs.flatMap((arc) => panels(arc, stddev)),
    square.reach * Math.SQRT2,
  );
  const logConstant = -Math.log(2 * Math.PI * stddev * stddev);
  const at = evaluator(nodes, square, 1 / (2 * stddev * stddev));
  return {
    logDensity(x) {
      const out = new Float64Array(x.length / 2);
      for (let i = 0; i < out.length; i++) out[i] = at(x[2 * i], x[2 * i + 1]).log + logConstant;
      return out;
    },
    score(x) {
      const out = new Float64Array(x.length);
      for (let i = 0; i < x.length; i += 2) {
        const { meanX, meanY } = at(x[i], x[i + 1]);
        out[i] = (meanX - x[i]) / stddev ** 2;
        out[i + 1] = (meanY - x[i + 1]) / stddev ** 2;
      }
      return out;
    },
  };
}

interface Sums {
  readonly log: number;
  readonly meanX: number;
  readonly meanY: number;
}

/** log Σ_j w_j E_u exp(-scale |x - c_j - u|²) at a point, and the mean of c_j + u under the terms' shares. */
function evaluator(nodes: Nodes, square: Side, scale: number): (x: number, y: number) => Sums {
  const distance = new Float64Array(nodes.radius.length);
  const [alongX, alongY] = [smear(square, scale), smear(square, scale)];
  return (x, y) => {
    const furthest = reachOf(nodes, scale, x, y, distance);
    let peak = -Infinity;
    let [sum, sumX, sumY] = [0, 0, 0];
    for (let p = 0; p < distance.length; p++) {
      if (distance[p] - nodes.radius[p] > furthest) continue;
      for (let j = nodes.start[p]; j < nodes.start[p + 1]; j++) {
        const [dx, dy] = [x - nodes.x[j], y - nodes.y[j]];
        const nearX = Math.max(0, Math.abs(dx) - square.reach);
        const nearY = Math.max(0, Math.abs(dy) - square.reach);
        const exponent = nodes.logWeight[j] - scale * (nearX * nearX + nearY * nearY);
        if (exponent < peak - DEPTH) continue;
        if (exponent > peak) {
          const shrink = Math.exp(peak - exponent);
          [sum, sumX, sumY] = [sum * shrink, sumX * shrink, sumY * shrink];
          peak = exponent;
        }
        const term = Math.exp(exponent - peak) * alongX(dx, nearX) * alongY(dy, nearY);
        sum += term;
        sumX += term * (nodes.x[j] + alongX.mean);
        sumY += term * (nodes.y[j] + alongY.mean);
      }
    }
    return { log: peak + Math.log(sum), meanX: sumX / sum, meanY: sumY / sum };
  };
}

/** Distances to the panels' centres, and the distance beyond which a node adds nothing. */
function reachOf(nodes: Nodes, scale: number, x: number, y: number, distance: Float64Array): number {
  let reach = Infinity;
  for (let p = 0; p < distance.length; p++) {
    const [dx, dy] = [x - nodes.centreX[p], y - nodes.centreY[p]];
    distance[p] = Math.sqrt(dx * dx + dy * dy);
    reach = Math.min(reach, distance[p] + nodes.radius[p]);
  }
  return Math.sqrt(reach * reach + DEPTH / scale);
}

/** d ↦ E_u exp(-scale ((d - u)² - near²)) along one side; `mean` is the mean of u under the last terms' shares. */
interface Smear {
  (d: number, near: number): number;
  mean: number;
}

function smear({ nodes, weights, reach }: Side, scale: number): Smear {
  const at: Smear = (d, near) => {
    if (reach === 0) return 1;
    let [sum, first] = [0, 0];
    for (let k = 0; k < nodes.length; k++) {
      const term = weights[k] * Math.exp(-scale * ((d - nodes[k]) ** 2 - near * near));
      sum += term;
      first += term * nodes[k];
    }
    at.mean = first / sum;
    return sum;
  };
  at.mean = 0;
  return at;
}

function sideNodes(side: number): Side {
  if (side === 0) return { nodes: new Float64Array(1), weights: Float64Array.of(1), reach: 0 };
  const { nodes, weights } = gaussLegendre(SIDE_NODES, -side / 2, side / 2);
  return { nodes, weights: weights.map((w) => w / side), reach: nodes[SIDE_NODES - 1] };
}

interface Node {
  readonly x: number;
  readonly y: number;
  readonly logWeight: number;
}

/** The panels of an arc, each a list of nodes. */
function panels(arc: Arc, stddev: number): Node[][] {
  const c = new Float64Array(2);
  return panelEnds(arc, PANEL_LENGTH * stddev, arc.low, arc.high).map(([low, high]) => {
    const { nodes, weights } = gaussLegendre(PANEL_NODES, low, high);
    return Array.from(nodes, (t, q) => {
      arc.point(t, c);
      return { x: c[0], y: c[1], logWeight: Math.log(weights[q] * arc.density(t)) };
    });
  });
}

/** Halve a stretch of an arc until it is no longer than `longest`. */
function panelEnds(arc: Arc, longest: number, low: number, high: number): [number, number][] {
  const v = new Float64Array(2);
  const speeds = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    arc.velocity(low + part * (high - low), v);
    return Math.hypot(v[0], v[1]);
  });
  if (Math.max(...speeds) * (high - low) <= longest) return [[low, high]];
  const middle = (low + high) / 2;
  return [...panelEnds(arc, longest, low, middle), ...panelEnds(arc, longest, middle, high)];
}

function collect(all: Node[][], margin: number): Nodes {
  const nodes = all.flat();
  const start = new Int32Array(all.length + 1);
  all.forEach((panel, p) => (start[p + 1] = start[p] + panel.length));
  const mean = (panel: Node[], pick: (node: Node) => number): number =>
    panel.reduce((sum, node) => sum + pick(node), 0) / panel.length;
  const centreX = Float64Array.from(all, (panel) => mean(panel, (node) => node.x));
  const centreY = Float64Array.from(all, (panel) => mean(panel, (node) => node.y));
  const radius = Float64Array.from(
    all,
    (panel, p) =>
      margin + Math.max(...panel.map((node) => Math.hypot(node.x - centreX[p], node.y - centreY[p]))),
  );
  return {
    x: Float64Array.from(nodes, (node) => node.x),
    y: Float64Array.from(nodes, (node) => node.y),
    logWeight: Float64Array.from(nodes, (node) => node.logWeight),
    start,
    centreX,
    centreY,
    radius,
  };
}
