// Runs in a pool thread.
import type { Key } from "../../../random/index.js";
import type { Target } from "../../../targets/index.js";
import type { Scheme } from "../schemes/scheme.js";
import { simulate, type Paths } from "../simulate.js";
import { controlOf, tabulate } from "./control.js";
import type { Law } from "./law.js";
import { TABLE_LENGTH } from "./product-mean.js";
import { tiltOf } from "./tilt.js";

/** Paths of one chunk, without the target's density at their ends. */
export interface OracleTask {
  readonly law: Law;
  readonly scheme: Scheme;
  readonly tables: Float64Array;
  readonly numPaths: number;
  readonly key: Key;
}

/** The tables of a stretch of steps. */
export interface TablesTask {
  readonly law: Law;
  readonly scheme: Scheme;
  readonly from: number;
  readonly to: number;
  /** Shared; step k's begin at k·(number of factors)·TABLE_LENGTH. */
  readonly tables: Float64Array;
}

export function fillTables({ law, scheme, from, to, tables }: TablesTask): void {
  for (let k = from; k < to; k++) {
    const found = tabulate(law, tiltOf(scheme, k));
    found.forEach((table, f) => table && tables.set(table, (k * found.length + f) * TABLE_LENGTH));
  }
}

export function simulateOracle({ law, scheme, tables, numPaths, key }: OracleTask): Paths {
  const factors = law.kind === "product" ? law.factors : [];
  const control = controlOf(law, scheme, (k) =>
    factors.map((_, f) => {
      const at = (k * factors.length + f) * TABLE_LENGTH;
      return tables.subarray(at, at + TABLE_LENGTH);
    }),
  );
  return simulate(scheme, flat(law.dim), control, { numPaths, key });
}

/** The caller adds the target's density, which does not travel. */
function flat(dim: number): Target {
  return {
    dim,
    logDensity: (x) => new Float64Array(x.length / dim),
    score: (x) => new Float64Array(x.length),
  };
}
