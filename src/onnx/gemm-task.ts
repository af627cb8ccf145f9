// Runs in a pool thread.
import { gemm64 } from "./gemm64.js";
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
  /** Where the product goes, for a view on shared memory; else it is returned. */
  readonly out?: Float64Array;
}

/** One session for each form, kept for the life of the thread. */
const sessions = new Map<string, Promise<OnnxSession>>();

/** c = op(a) op(b), as m·n numbers; an empty array where `out` was given and filled. */
export async function gemm(task: GemmTask): Promise<Float64Array> {
  const { a, b, m, n, k, transposeA = false, transposeB = false, out } = task;
  const session = await sessionFor(transposeA, transposeB);
  const result = new Float64Array(m * n);
  await session.run(
    {
      a: { type: "float64", shape: transposeA ? [k, m] : [m, k], data: a },
      b: { type: "float64", shape: transposeB ? [n, k] : [k, n], data: b },
    },
    { c: { type: "float64", shape: [m, n], data: result } },
  );
  if (out === undefined) return result;
  out.set(result);
  return new Float64Array(0);
}

function sessionFor(transposeA: boolean, transposeB: boolean): Promise<OnnxSession> {
  const form = `${transposeA} ${transposeB}`;
  let session = sessions.get(form);
  if (session === undefined) {
    session = OnnxSession.create(gemm64({ transposeA, transposeB }));
    sessions.set(form, session);
  }
  return session;
}
