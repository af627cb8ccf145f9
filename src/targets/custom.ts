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
  /** Both in float64, from n·dim numbers to n and to n·dim, where they are known so: for samplers that do not train. */
  readonly float64?: Pick<Target, "logDensity" | "score">;
}

/** Rows that are evaluated at once outside of compiled programs. */
const CHUNK = 4096;

/**
 * A density of one's own from tensor operations: `custom({ dim: 2, logDensity: (x) => x.square().sum(1).mul(-0.5) })`.
 *
 * The score is the engine's gradient of Σ_s log ρ(x_s). `logDensity` and `score` on Float64Arrays run the same operations in
 * float32, unless `float64` has them in full precision; then the two forms must agree near 0. Values that are NaN pass through: whoever uses them counts and excludes.
 *
 * @throws ArgumentError for a log density or score of the wrong shape, or forms that differ
 */
export function custom(options: CustomOptions): TensorTarget {
  const known = ["dim", "logDensity", "score", "float64", "logNormConst", "mean", "std", "sample"];
  checkKeys("options", options, known);
  const { dim, logDensity, score, float64, logNormConst, mean, std, sample } = options;
  checkInteger("dim", dim, { min: 1 });
  if (typeof logDensity !== "function")
    throw new ArgumentError("logDensity", logDensity, "a function of points");
  if (logNormConst !== undefined) checkNumber("logNormConst", logNormConst);
  const ops = checkedOps(dim, logDensity, score);
  probe(ops, dim);
  if (float64 !== undefined) compareForms(float64, ops, dim);
  const numbers = (what: keyof TensorOps) => (x: Float64Array) =>
    float64 ? exactly(what, float64, x, dim) : evaluate(what, ops, x, dim);
  return {
    dim,
    ops,
    logDensity: numbers("logDensity"),
    score: numbers("score"),
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

function exactly(
  what: keyof TensorOps,
  float64: Pick<Target, keyof TensorOps>,
  x: Float64Array,
  dim: number,
) {
  const n = checkPoints("x", x, dim);
  const length = what === "score" ? n * dim : n;
  const values: unknown = float64[what](x);
  if (values instanceof Float64Array && values.length === length) return values;
  throw new ArgumentError(
    `float64.${what}`,
    values,
    `a function whose result here is a Float64Array of ${length} numbers`,
  );
}

/** At a few points about 0 both forms must be the same function, to 1e-3 of the larger: another constant or sign shows. */
function compareForms(float64: Pick<Target, keyof TensorOps>, ops: TensorOps, dim: number): void {
  const x = Float64Array.from({ length: (dim + 1) * dim }, (_, i) => Math.sin(1 + 7 * i));
  for (const what of ["logDensity", "score"] as const) {
    const [wide, narrow] = [exactly(what, float64, x, dim), evaluate(what, ops, x, dim)];
    wide.forEach((value, i) => {
      if (Math.abs(value - narrow[i]) > 1e-3 * Math.max(1, Math.abs(value)))
        throw new ArgumentError(
          `float64.${what}`,
          value,
          `what the tensor form gives at the same point, ${narrow[i]}`,
        );
    });
  }
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
