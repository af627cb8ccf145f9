import { inOrder } from "../../linalg/in-order.js";
import { allocateShared } from "../../linalg/shared.js";
import { pool } from "../../onnx/pool.js";
import type { Problem } from "./problem.js";

const TASK = new URL("./moment-task.js", import.meta.url).href;
/** Samples of a task: a fixed number, so that sums do not depend on the number of threads. */
const SAMPLES = 1024;

/** Tasks that the moments of `count` samples take. */
export const momentTasks = (count: number): number => Math.ceil(count / SAMPLES);

export interface MomentOptions {
  readonly signal?: AbortSignal;
  /** Called after each task. */
  readonly onTask?: () => void;
}

/** Averages over the data of everything in a problem's plan, in shared memory. */
export async function dataMoments(
  { state, dim, plan }: Problem,
  data: Float64Array,
  { signal, onTask }: MomentOptions = {},
): Promise<Float64Array> {
  const count = data.length / dim;
  const total = allocateShared(plan.length);
  const start = (i: number): Promise<Float64Array> => {
    const x = data.slice(i * SAMPLES * dim, (i + 1) * SAMPLES * dim);
    const args = { problem: state, x };
    return pool().run<Float64Array>({ module: TASK, name: "momentSums", args, transfer: [x.buffer], signal });
  };
  await inOrder(momentTasks(count), 2 * pool().size, start, (sums) => {
    for (let i = 0; i < sums.length; i++) total[i] += sums[i] / count;
    onTask?.();
  });
  return total;
}
