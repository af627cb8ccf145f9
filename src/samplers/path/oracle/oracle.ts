import { checkInteger, checkKeys, checkOneOf } from "../../../core/checks.js";
import { cellSignal } from "../../../core/interrupt.js";
import type { Progress } from "../../../core/progress.js";
import { inOrder } from "../../../linalg/in-order.js";
import { allocateShared } from "../../../linalg/shared.js";
import { pool } from "../../../onnx/index.js";
import { foldIn, type Key } from "../../../random/index.js";
import type { Target } from "../../../targets/index.js";
import { dds } from "../schemes/dds.js";
import { disX } from "../schemes/dis-x.js";
import { dis } from "../schemes/dis.js";
import { pis } from "../schemes/pis.js";
import type { Scheme } from "../schemes/scheme.js";
import type { Paths } from "../simulate.js";
import { summarise, type PathSummary } from "../summary.js";
import { lawOf, type Law } from "./law.js";
import type { OracleTask, TablesTask } from "./oracle-task.js";
import { TABLE_LENGTH } from "./product-mean.js";

const TASK = new URL("./oracle-task.js", import.meta.url).href;

/** Samplers whose optimal control is known. */
export type OracleMethod = "pis" | "dis" | "dds" | "dis-x";

const SCHEMES: Readonly<Record<OracleMethod, (options: { dim: number; numSteps: number }) => Scheme>> = {
  pis,
  dis,
  dds,
  "dis-x": disX,
};

/** Options of `oracle`. */
export interface OracleOptions {
  /** "dds" is the exponential form. */
  readonly method: OracleMethod;
  /** Default 200, for "dds" 256. */
  readonly numSteps?: number;
  /** Default 20,000. */
  readonly numPaths?: number;
  readonly key: Key;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** What the optimal control reaches: the floor under every trained one with the same steps, up to what training may gain on them. */
export interface OracleResult extends PathSummary {
  /** RND of every path. */
  readonly rnd: Float64Array;
  /** The stochastic integral in it. */
  readonly ito: Float64Array;
  /** Ends of the paths, numPaths·dim numbers. */
  readonly samples: Float64Array;
}

/** Paths in one task; part of what the numbers are a function of. */
const CHUNK = 500;
/** Steps whose tables one task makes. */
const STRETCH = 16;

/**
 * Simulate a path-space sampler under its exact optimal control, without any training, on all cores.
 *
 * A floor that no training settings enter: what is left of the lower bound's gap and of 1 - ESS comes from the time steps.
 * Targets: Gaussian mixtures, funnels, many wells, separable Gibbs laws. Path p depends on the key and p alone.
 *
 * @throws ArgumentError for a target whose control is not known, or bad options; the signal's reason
 */
export async function oracle(target: Target, options: OracleOptions): Promise<OracleResult> {
  checkKeys("options", options, ["method", "numSteps", "numPaths", "key", "onProgress", "signal"]);
  const { method, numPaths = 20_000, key, onProgress, signal = cellSignal() } = options;
  checkOneOf("method", method, Object.keys(SCHEMES) as OracleMethod[]);
  const { numSteps = method === "dds" ? 256 : 200 } = options;
  checkInteger("numPaths", numPaths, { min: 2 });
  const scheme = SCHEMES[method]({ dim: target.dim, numSteps });
  const law = lawOf(target);
  const tables = await makeTables(law, scheme, signal);
  const samples = new Float64Array(numPaths * target.dim);
  const rnd = new Float64Array(numPaths);
  const ito = new Float64Array(numPaths);
  const start = (chunk: number): Promise<Paths> => {
    signal?.throwIfAborted();
    const count = Math.min(CHUNK, numPaths - chunk * CHUNK);
    const args: OracleTask = { law, scheme, tables, numPaths: count, key: foldIn(key, chunk) };
    return pool().run<Paths>({ module: TASK, name: "simulateOracle", args });
  };
  await inOrder(Math.ceil(numPaths / CHUNK), 2 * pool().size, start, (paths, chunk) => {
    samples.set(paths.x, chunk * CHUNK * target.dim);
    const density = target.logDensity(paths.x);
    rnd.set(paths.rnd.map((value, p) => value - density[p]), chunk * CHUNK); // prettier-ignore
    ito.set(paths.ito, chunk * CHUNK);
    onProgress?.({ done: Math.min(numPaths, (chunk + 1) * CHUNK), total: numPaths });
  });
  return { ...summarise({ rnd, ito }, scheme.exact), rnd, ito, samples };
}

/** Posterior means of a product's factors at every step, in shared memory; empty for other laws. */
async function makeTables(law: Law, scheme: Scheme, signal: AbortSignal | undefined): Promise<Float64Array> {
  if (law.kind !== "product") return allocateShared(0);
  const tables = allocateShared(scheme.numSteps * law.factors.length * TABLE_LENGTH);
  const start = (i: number): Promise<undefined> => {
    signal?.throwIfAborted();
    const to = Math.min(scheme.numSteps, (i + 1) * STRETCH);
    const args: TablesTask = { law, scheme, from: i * STRETCH, to, tables };
    return pool().run<undefined>({ module: TASK, name: "fillTables", args });
  };
  await inOrder(Math.ceil(scheme.numSteps / STRETCH), 2 * pool().size, start, () => undefined);
  return tables;
}
