import { checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { gaussLegendre } from "../linalg/index.js";
import type { Density1d } from "./density-1d.js";
import type { OrnsteinUhlenbeck } from "./ornstein-uhlenbeck.js";

/** The exact law of X_t on the line, at any time. */
export interface DiffusedLaw {
  /** ρ_t at points, as many numbers. @throws ArgumentError */
  density(t: number, x: Float64Array): Float64Array;
  /** ∂ log ρ_t / ∂x at points, as many numbers. @throws ArgumentError */
  score(t: number, x: Float64Array): Float64Array;
}

/** Beyond so many standard deviations the kernel holds less than 1e-22. */
const REACH = 10;
/** Gauss–Legendre nodes on ten standard deviations each way: 15 digits for a kernel times a law that varies no faster than over a tenth of its box. */
const NODES = 200;

/**
 * The law of a one-dimensional Ornstein–Uhlenbeck process that starts in a known law, by Gauss–Legendre quadrature:
 *
 *   ρ_t(x) = ∫ ρ_0(z) p_t(x | z) dz,   ∂ log ρ_t(x) = E[∂ log ρ_0(X_0) | X_t = x] / a,   E[X_t | X_0 = z] = m + a (z - m)
 *
 * The second form loses no digits as t → 0.
 * @param law ρ_0
 * @param score ∂ log ρ_0
 * @throws ArgumentError for a process of more than one dimension
 */
export function diffusedLaw(
  process: OrnsteinUhlenbeck,
  law: Density1d,
  score: (x: number) => number,
): DiffusedLaw {
  if (process.dim !== 1) throw new ArgumentError("process.dim", process.dim, "1");
  const [mean] = process.mean;
  const { nodes, weights } = gaussLegendre(NODES, 0, 1);
  const at = (t: number) => {
    checkNumber("t", t, { min: 0 });
    const { factor, std } = process.transition(t);
    return { a: factor[0], std: std[0] };
  };
  const nodeLogs = new Float64Array(NODES);
  /** ρ_t(x) and E[∂ log ρ_0(X_0) | X_t = x], with weights relative to the greatest: right also far out, where ρ_t underflows. */
  const posterior = (
    a: number,
    std: number,
    x: number,
  ): { readonly density: number; readonly slope: number } => {
    const centre = mean + (x - mean) / a;
    const nearest = Math.min(law.high, Math.max(law.low, centre));
    const low = Math.max(law.low, nearest - (REACH * std) / a);
    const width = Math.min(law.high, nearest + (REACH * std) / a) - low;
    let top = -Infinity;
    for (let q = 0; q < NODES; q++) {
      const z = low + width * nodes[q];
      nodeLogs[q] = law.logDensity(z) - ((a * (z - centre)) / std) ** 2 / 2;
      top = Math.max(top, nodeLogs[q]);
    }
    let mass = 0;
    let flow = 0;
    for (let q = 0; q < NODES; q++) {
      const weight = weights[q] * Math.exp(nodeLogs[q] - top);
      mass += weight;
      flow += weight * score(low + width * nodes[q]);
    }
    return { density: (width * mass * Math.exp(top)) / (std * Math.sqrt(2 * Math.PI)), slope: flow / mass };
  };
  return {
    density(t, x) {
      const { a, std } = at(t);
      if (std === 0) return x.map((value) => law.density(value));
      return x.map((value) => posterior(a, std, value).density);
    },
    score(t, x) {
      const { a, std } = at(t);
      if (std === 0) return x.map(score);
      return x.map((value) => posterior(a, std, value).slope / a);
    },
  };
}
