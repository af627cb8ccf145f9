// Runs in a pool thread.
import { gemm64, type GemmForm } from "./gemm64.js";
import { OnnxSession } from "./session.js";

/** A float64 product: a is m·k (k·m when transposed), b is k·n (n·k), row by row. */
export interface GemmTask {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** m·n numbers that are added to the product; not those of `out`. */
  readonly plus?: Float64Array;
  /** Where the product goes; else it is returned. On its way to another thread a view on shared memory. */
  readonly out?: Float64Array;
}

/** One session for each form, kept for the life of the thread. */
const sessions = new Map<string, Promise<OnnxSession>>();

/** c = op(a) op(b) + plus, as m·n numbers; an empty array where `out` was given and filled. */
export async function gemm(task: GemmTask): Promise<Float64Array> {
  const { a, b, m, n, k, transposeA = false, transposeB = false, plus, out } = task;
  const session = await sessionFor({ transposeA, transposeB, plus: plus !== undefined });
  const direct = out !== undefined && !(out.buffer instanceof SharedArrayBuffer);
  const result = direct ? out : new Float64Array(m * n);
  await session.run(
    {
      a: { type: "float64", shape: transposeA ? [k, m] : [m, k], data: a },
      b: { type: "float64", shape: transposeB ? [n, k] : [k, n], data: b },
      ...(plus && { plus: { type: "float64", shape: [m, n], data: plus } as const }),
    },
    { c: { type: "float64", shape: [m, n], data: result } },
  );
  if (out === undefined) return result;
  if (!direct) out.set(result);
  return new Float64Array(0);
}

function sessionFor(form: GemmForm): Promise<OnnxSession> {
  const name = JSON.stringify(form);
  let session = sessions.get(name);
  if (session === undefined) {
    session = OnnxSession.create(gemm64(form));
    sessions.set(name, session);
  }
  return session;
}
