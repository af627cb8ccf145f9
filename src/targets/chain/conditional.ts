import { invertCell } from "./cell.js";
import { chainRadius, reachOf, siteWeight } from "./lattice.js";
import type { Messages } from "./messages.js";

/** Cells per smallest standard deviation of a conditional density: the error of its distribution function is below 4e-7. */
const CELLS_PER_STD = 8;
/** A conditional density is followed down to exp(-40) of its value at the previous site's position. */
const DEPTH = 40;

/** What the conditional laws of a chain need: site weight times right message on a fine grid, for each site. */
export interface ConditionalTables {
  readonly low: number;
  readonly step: number;
  /** exp(-U) right[i], greatest value 1. */
  readonly values: readonly Float64Array[];
  /** Its logarithmic derivative. */
  readonly slopes: readonly Float64Array[];
}

/** Tabulate the conditional laws of an open chain. */
export function tabulateConditionals(messages: Messages): ConditionalTables {
  const { shape } = messages;
  const radius = chainRadius(shape);
  const { coupling, barrier } = shape;
  const stiffness = 2 * coupling + 8 * barrier + 24 * Math.sqrt(barrier);
  const half = Math.ceil(radius * CELLS_PER_STD * Math.sqrt(stiffness));
  const grid = Float64Array.from({ length: 2 * half + 1 }, (_, j) => ((j - half) * radius) / half);
  const values: Float64Array[] = [];
  const slopes: Float64Array[] = [];
  for (let i = 0; i < shape.dim; i++) {
    const value = new Float64Array(grid.length);
    const slope = new Float64Array(grid.length);
    tabulateSite(messages, i, grid, value, slope);
    values.push(value);
    slopes.push(slope);
  }
  return { low: -radius, step: radius / half, values, slopes };
}

function tabulateSite(
  messages: Messages,
  i: number,
  grid: Float64Array,
  value: Float64Array,
  slope: Float64Array,
): void {
  const { barrier } = messages.shape;
  let greatest = 0;
  grid.forEach((x, j) => {
    const [message, logSlope] = messageWithSlope(messages, i, x);
    value[j] = siteWeight(barrier, x) * message;
    slope[j] = 4 * barrier * x * (1 - x * x) + logSlope;
    greatest = Math.max(greatest, value[j]);
  });
  for (let j = 0; j < value.length; j++) value[j] /= greatest;
}

/** right[i] at x, up to a factor common to all x, and its logarithmic derivative. */
function messageWithSlope({ shape, lattice, right }: Messages, i: number, x: number): [number, number] {
  const { coupling } = shape;
  if (i === shape.dim - 1)
    return shape.boundary === "both" ? [Math.exp((-coupling * x * x) / 2), -coupling * x] : [1, 0];
  const { nodes, weights } = lattice;
  const next = right[i + 1];
  const [first, last] = reachOf(lattice, x);
  let sum = 0;
  let moment = 0;
  for (let s = first; s <= last; s++) {
    const term = Math.exp((-coupling * (x - nodes[s]) ** 2) / 2) * weights[s] * next[s];
    sum += term;
    moment += term * (x - nodes[s]);
  }
  return sum > 0 ? [sum, (-coupling * moment) / sum] : [0, 0];
}

/** One draw of site i at probability u, with a bond of this strength to the position before. */
export type Draw = (i: number, bond: number, before: number, u: number) => number;

/** Draws by integrating the conditional density on the fine grid (end-corrected trapezoidal rule) and inverting a cubic cell. */
export function conditionalSampler({ low, step, values, slopes }: ConditionalTables): Draw {
  const count = values[0].length;
  const p = new Float64Array(count);
  const sums = new Float64Array(count);
  return (i, bond, before, u) => {
    const value = values[i];
    const slope = slopes[i];
    const nearest = Math.min(count - 1, Math.max(0, Math.round((before - low) / step)));
    const window = Math.sqrt((2 * (DEPTH - Math.log(value[nearest]))) / bond);
    const first = Math.max(0, Math.floor((before - window - low) / step));
    const last = Math.min(count - 1, Math.ceil((before + window - low) / step));
    const offset = low + first * step - before;
    // exp(-bond (offset + j step)²/2) by its ratio, whose own ratio is constant
    let factor = Math.exp((-bond * offset * offset) / 2);
    let ratio = Math.exp(-bond * step * (offset + step / 2));
    const shrink = Math.exp(-bond * step * step);
    let sum = 0;
    for (let j = first; j <= last; j++) {
      p[j] = factor * value[j];
      sum += p[j];
      sums[j] = sum;
      factor *= ratio;
      ratio *= shrink;
    }
    const derivative = (j: number): number => p[j] * (slope[j] - bond * (low + j * step - before)) * step;
    const mass = (j: number): number => sums[j] - p[j] / 2 - derivative(j) / 12;
    const start = mass(first);
    const target = start + u * (mass(last) - start);
    let below = first;
    let above = last;
    while (above - below > 1) {
      const middle = (below + above) >>> 1;
      if (mass(middle) <= target) below = middle;
      else above = middle;
    }
    const t = invertCell(p[below], p[above], derivative(below), derivative(above), target - mass(below));
    return low + (below + t) * step;
  };
}
