import { key } from "../../../../src/random/index.js";
import { oracle, type OracleMethod } from "../../../../src/samplers/path/index.js";
import type { Target } from "../../../../src/targets/index.js";

/** A published row: gap of the lower bound and effective sample size under the optimal control, 20,000 paths. */
export interface Row {
  readonly method: OracleMethod;
  readonly numSteps: number;
  readonly gap: number;
  readonly ess: number;
  /** Half a unit of the last digit of the gap, and of the ESS. */
  readonly digits: readonly [gap: number, ess: number];
}

export interface Reached {
  readonly gap: number;
  readonly gapError: number;
  readonly ess: number;
  readonly essError: number;
}

/** Our numbers with the standard errors of gap and ESS, the latter by its influence function. */
export async function reach(
  target: Target,
  method: OracleMethod,
  numSteps: number,
  numPaths: number,
): Promise<Reached> {
  const { elbo, ess, rnd, ito, logNormConst } = await oracle(target, {
    method,
    numSteps,
    numPaths,
    key: key(72),
  });
  const w = rnd.map((value) => Math.exp(-value - logNormConst));
  const mean = (of: (w: number) => number): number => w.reduce((sum, value) => sum + of(value), 0) / w.length;
  const [a, b] = [mean((v) => v), mean((v) => v * v)];
  const influence = mean((v) => (((2 * a) / b) * (v - a) - (a / b) ** 2 * (v * v - b)) ** 2);
  const z = target.logNormConst as number;
  // Euler forms leave the stochastic integral out of the lower bound, and its noise is then not cancelled.
  const cost = method === "pis" || method === "dis" ? rnd.map((value, p) => value - ito[p]) : rnd;
  const centre = cost.reduce((sum, value) => sum + value, 0) / cost.length;
  const spread = cost.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (cost.length - 1);
  return {
    gap: z - elbo,
    gapError: Math.sqrt(spread / rnd.length),
    ess,
    essError: Math.sqrt(influence / w.length),
  };
}
