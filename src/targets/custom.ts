import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkNumber, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { grad, tf } from "../engine/index.js";
import type { Target, TensorOps, TensorTarget } from "./target.js";

/** Options of `custom`: a log density, and what else is known of it. */
export interface CustomOptions extends Pick<Target, "logNormConst" | "mean" | "std" | "sample"> {
  readonly dim: number;
  /** Log of the unnormalised density in tfjs operations: from points [n, dim] to [n], each row by itself. */
  readonly logDensity: (x: Tensor) => Tensor;
  /** Its gradient, [n, dim], where it is known; by default the engine differentiates. */
  readonly score?: (x: Tensor) => Tensor;
}

/** Rows that are evaluated at once outside of compiled programs. */
const CHUNK = 4096;

/**
 * A density of one's own from tensor operations: `custom({ dim: 2, logDensity: (x) => x.square().sum(1).mul(-0.5) })`.
 *
 * The score is the engine's gradient of Σ_s log ρ(x_s). `logDensity` and `score` on Float64Arrays run the same operations in
 * float32. Values that are NaN pass through: whoever uses them counts and excludes.
 *
 * @throws ArgumentError for a log density or score of the wrong shape
 */
export function custom(options: CustomOptions): TensorTarget {
  checkKeys("options", options, ["dim", "logDensity", "score", "logNormConst", "mean", "std", "sample"]);
  const { dim, logDensity, score, logNormConst, mean, std, sample } = options;
  checkInteger("dim", dim, { min: 1 });
  if (typeof logDensity !== "function")
    throw new ArgumentError("logDensity", logDensity, "a function of points");
  if (logNormConst !== undefined) checkNumber("logNormConst", logNormConst);
  const ops = checkedOps(dim, logDensity, score);
  probe(ops, dim);
  return {
    dim,
    ops,
    logDensity: (x) => evaluate("logDensity", ops, x, dim),
    score: (x) => evaluate("score", ops, x, dim),
    ...(logNormConst !== undefined && { logNormConst }),
    ...(mean && { mean }),
    ...(std && { std }),
    ...(sample && { sample }),
  };
}

function checkedOps(
  dim: number,
  logDensity: CustomOptions["logDensity"],
  score: CustomOptions["score"],
): TensorOps {
  const value = (x: Tensor): Tensor => checkShape("logDensity", logDensity(x), [x.shape[0]]);
  const slope = score ?? grad((x: Tensor) => value(x).sum());
  return { logDensity: value, score: (x) => checkShape("score", slope(x), [x.shape[0], dim]) };
}

function checkShape(argument: string, value: Tensor, shape: readonly number[]): Tensor {
  if (value instanceof tf().Tensor && value.shape.join() === shape.join()) return value;
  const given: unknown =
    value instanceof tf().Tensor ? `a tensor of shape [${value.shape.join(", ")}]` : value;
  throw new ArgumentError(
    argument,
    given,
    `a function whose result for these points has shape [${shape.join(", ")}]`,
  );
}

/** A wrong shape shows now, not in the middle of a training run; more rows than columns, so that the two are told apart. */
function probe(ops: TensorOps, dim: number): void {
  tf().tidy(() => {
    const x = tf().zeros([dim + 1, dim]);
    ops.logDensity(x);
    ops.score(x);
  });
}

function evaluate(what: keyof TensorOps, ops: TensorOps, x: Float64Array, dim: number): Float64Array {
  const n = checkPoints("x", x, dim);
  const width = what === "score" ? dim : 1;
  const out = new Float64Array(n * width);
  for (let row = 0; row < n; row += CHUNK) {
    const rows = Math.min(CHUNK, n - row);
    const points = Float32Array.from(x.subarray(row * dim, (row + rows) * dim));
    const values = tf().tidy(() => ops[what](tf().tensor2d(points, [rows, dim])).dataSync());
    out.set(values, row * width);
  }
  return out;
}
