import { checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { pool } from "../onnx/index.js";
import type { DistanceTask } from "./distance-task.js";

const TASK_MODULE = new URL("./distance-task.js", import.meta.url).href;
/** Points of a block: pairs of blocks are the tasks. */
const BLOCK = 1024;

/**
 * Energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| ≥ 0, zero for equal laws only (Székely and Rizzo 2013), by all pairs of
 * different points: without bias, so that for equal laws it comes out as often below zero as above.
 * Block by block on the threads of the pool, added in order: the same bits on any number of threads.
 * @throws ArgumentError for fewer than two points in a set, ragged points or values that are not finite
 */
export async function energyDistance(x: Float64Array, y: Float64Array, dim: number): Promise<number> {
  const n = checkPoints("x", x, dim);
  const m = checkPoints("y", y, dim);
  if (n < 2) throw new ArgumentError("x", n, "at least two points");
  if (m < 2) throw new ArgumentError("y", m, "at least two points");
  const [between, withinX, withinY] = await Promise.all([
    distances(x, y, dim),
    distances(x, x, dim),
    distances(y, y, dim),
  ]);
  return (2 * between) / (n * m) - withinX / (n * (n - 1)) - withinY / (m * (m - 1));
}

async function distances(a: Float64Array, b: Float64Array, dim: number): Promise<number> {
  const left = blocks(a, dim);
  const right = blocks(b, dim);
  const same = a === b;
  const tasks: Promise<number>[] = [];
  for (let i = 0; i < left.length; i++) {
    for (let j = same ? i : 0; j < right.length; j++) {
      const args: DistanceTask = { a: left[i], b: right[j], dim };
      const twice = same && j > i ? 2 : 1;
      tasks.push(
        pool()
          .run<number>({ module: TASK_MODULE, name: "sumOfDistances", args })
          .then((sum) => twice * sum),
      );
    }
  }
  return (await Promise.all(tasks)).reduce((total, sum) => total + sum, 0);
}

function blocks(points: Float64Array, dim: number): Float64Array[] {
  const out: Float64Array[] = [];
  for (let at = 0; at < points.length; at += BLOCK * dim) out.push(points.slice(at, at + BLOCK * dim));
  return out;
}
