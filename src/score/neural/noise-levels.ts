import { checkKeys, checkNumber, checkOneOf, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { uniform, type Key } from "../../random/index.js";
import type { LinearDiffusion } from "../../sde/index.js";

/** How training times are drawn: uniform in t, or uniform in log t. */
export type TimeLaw = "uniform" | "logUniform";

/** The times that a score is learned at. */
export interface TimesOptions {
  /** Default "logUniform": as many times in every octave of t. */
  readonly law?: TimeLaw;
  /** Least time, above 0 where noise has a density; default a ten-thousandth of the horizon. */
  readonly earliest?: number;
  /** Greatest time; default the process's horizon. */
  readonly latest?: number;
}

/** Numbers that a net sees of a noise level: factor m, standard deviation √v, scale of the inputs, and the code of the level. */
export const LEVEL_WIDTH = 4;

/** Draws of training times. */
export type DrawTimes = (key: Key, n: number) => Float64Array;

/**
 * Times of a law: t = a + (b - a) u, or t = a (b/a)^u, with u uniform on (0, 1).
 * @throws ArgumentError for times without noise, beyond the horizon or in the wrong order
 */
export function timeDraws(process: LinearDiffusion, options: TimesOptions = {}): DrawTimes {
  checkKeys("times", options, ["law", "earliest", "latest"]);
  const { law = "logUniform", earliest = 1e-4 * process.horizon, latest = process.horizon } = options;
  checkOneOf("times.law", law, ["uniform", "logUniform"]);
  checkPositive("times.earliest", earliest);
  checkNumber("times.latest", latest, { max: process.horizon });
  if (!(earliest < latest)) {
    throw new ArgumentError("times.earliest", earliest, `a time before the latest, ${latest}`);
  }
  const at =
    law === "uniform"
      ? (u: number): number => earliest + (latest - earliest) * u
      : (u: number): number => earliest * (latest / earliest) ** u;
  return (key, n) => uniform(key, n).map(at);
}

/**
 * What a net sees of the noise at given times, a row of four for each:
 *
 *   m,  √v,  1/√(m² σ² + v),  ¼ log(v/m²)    with m, v the process's factor and variance, σ² the data's variance
 *
 * @throws ArgumentError for a time outside of the process
 */
export function levelRows(process: LinearDiffusion, times: Float64Array, dataScale: number): Float64Array {
  const rows = new Float64Array(times.length * LEVEL_WIDTH);
  times.forEach((t, i) => {
    const { factor, variance } = process.marginal(t);
    rows[LEVEL_WIDTH * i] = factor;
    rows[LEVEL_WIDTH * i + 1] = Math.sqrt(variance);
    rows[LEVEL_WIDTH * i + 2] = 1 / Math.hypot(factor * dataScale, Math.sqrt(variance));
    rows[LEVEL_WIDTH * i + 3] = 0.25 * Math.log(variance / factor ** 2);
  });
  return rows;
}

/** @throws ArgumentError for anything that has no marginals */
export function checkProcess(process: LinearDiffusion): void {
  if (typeof process?.marginal === "function") return;
  throw new ArgumentError("process", process, "a linear diffusion, as sde.varianceExploding makes one");
}
