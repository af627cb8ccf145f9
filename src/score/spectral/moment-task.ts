// Runs in a pool thread.
import { gemm } from "../../onnx/gemm-task.js";
import type { ColumnBlock } from "./moment-plan.js";
import { problemOf, type Problem, type ProblemState } from "./problem.js";

/** Rows that are taken at once: bounds the memory of the features. */
const ROWS = 512;

/** Sums over the samples of all products in the plan; x has `dim` numbers a sample. */
export async function momentSums(args: { problem: ProblemState; x: Float64Array }): Promise<Float64Array> {
  const problem = problemOf(args.problem);
  const { dim, plan } = problem;
  const sums = new Float64Array(plan.length);
  for (let start = 0; start < args.x.length; start += ROWS * dim) {
    await addMoments(problem, args.x.subarray(start, start + ROWS * dim), sums);
  }
  return sums;
}

async function addMoments(problem: Problem, x: Float64Array, sums: Float64Array): Promise<void> {
  const { dim, plan, dictionaries } = problem;
  const k = x.length / dim;
  const columns = dictionaries.map((dictionary, site) => {
    return dictionary.evaluate(Float64Array.from({ length: k }, (_, i) => x[i * dim + site]));
  });
  for (const { left, right, rows, cols, offset } of plan.products) {
    const a = features(problem, columns, left, k);
    const b = features(problem, columns, right, k);
    const product = await gemm({ a, b, m: rows, n: cols, k, transposeA: true });
    for (let i = 0; i < product.length; i++) sums[offset + i] += product[i];
  }
}

/** The blocks side by side, a row for each sample. */
function features(
  { n, plan, dictionaries }: Problem,
  columns: readonly Float64Array[],
  blocks: readonly ColumnBlock[],
  count: number,
): Float64Array {
  const width = plan.width(blocks);
  const out = new Float64Array(count * width);
  let at = 0;
  for (const block of blocks) {
    const target = { out, at, width, count };
    if (block.kind === "one") fillOnes(target);
    else if (block.kind === "pair") {
      const [k, l] = block.sites;
      fillPair(target, columns[k], dictionaries[k].size, columns[l], dictionaries[l].size, n);
    } else {
      const skip = block.kind === "functions" ? 1 : 0;
      fillSite(target, columns[block.site], dictionaries[block.site].size, skip, plan.columns(block));
    }
    at += plan.columns(block);
  }
  return out;
}

interface Target {
  readonly out: Float64Array;
  readonly at: number;
  readonly width: number;
  readonly count: number;
}

function fillOnes({ out, at, width, count }: Target): void {
  for (let i = 0; i < count; i++) out[i * width + at] = 1;
}

function fillSite(target: Target, column: Float64Array, size: number, skip: number, length: number): void {
  const { out, at, width, count } = target;
  for (let i = 0; i < count; i++) {
    for (let m = 0; m < length; m++) out[i * width + at + m] = column[i * size + skip + m];
  }
}

function fillPair(
  { out, at, width, count }: Target,
  first: Float64Array,
  firstSize: number,
  second: Float64Array,
  secondSize: number,
  n: number,
): void {
  for (let i = 0; i < count; i++) {
    let place = i * width + at;
    for (let a = 1; a <= n; a++) {
      const factor = first[i * firstSize + a];
      for (let b = 1; b <= n; b++) out[place++] = factor * second[i * secondSize + b];
    }
  }
}
