import type { Dictionary } from "./basis.js";
import type { Problem } from "./problem.js";

/** A site's tables at one time: what multiplies the moments of its dictionary. */
export interface SiteTables {
  readonly size: number;
  /** e^{λ_a t} for a = 1..n. */
  readonly decay: Float64Array;
  /** E[φ_a φ_b (X_t)|x] in ψ: rows (a, b), a, b = 1..n. */
  readonly products: Float64Array;
  /** E[D φ_a (X_t)|x] in ψ: rows a = 0..n. */
  readonly slopes: Float64Array;
}

/** Everything that a time level's blocks are made from. */
export interface Level {
  readonly problem: Problem;
  readonly moments: Float64Array;
  readonly sites: readonly SiteTables[];
}

/** The tables of every site at time t. */
export function levelAt(problem: Problem, moments: Float64Array, t: number): Level {
  return { problem, moments, sites: problem.dictionaries.map((d) => siteTables(d, problem.n, t)) };
}

function siteTables({ size, rates, products, slopes }: Dictionary, n: number, t: number): SiteTables {
  const factors = rates.map((rate) => Math.exp(rate * t));
  const decayed = (table: Float64Array, row: number): Float64Array =>
    factors.map((factor, m) => factor * table[row * size + m]);
  const inner = new Float64Array(n * n * size);
  for (let a = 1; a <= n; a++) {
    for (let b = 1; b <= n; b++) {
      inner.set(decayed(products, a * (n + 1) + b), ((a - 1) * n + b - 1) * size);
    }
  }
  const outer = new Float64Array((n + 1) * size);
  for (let a = 0; a <= n; a++) outer.set(decayed(slopes, a), a * size);
  return { size, decay: factors.slice(1, n + 1), products: inner, slopes: outer };
}
