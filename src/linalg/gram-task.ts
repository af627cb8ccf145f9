// Runs in a pool thread.
import { OnnxSession, type ArrayValue } from "../onnx/session.js";
import { gramModel, gramTiles } from "./gram-tiles.js";

/** Rows of a matrix whose Gram matrix is wanted. */
export interface GramTask {
  /** rows·cols entries, row by row. */
  readonly a: Float64Array;
  readonly cols: number;
}

/** Sessions kept by a thread, for the numbers of columns used last. */
const KEPT = 4;
const sessions = new Map<number, Promise<OnnxSession>>();

/** The tiles of aᵀa on and below the diagonal, one after the other (see gram-tiles). */
export async function gramOfRows({ a, cols }: GramTask): Promise<Float64Array> {
  const session = await sessionFor(cols);
  const tiles = gramTiles(cols);
  const packed = new Float64Array(tiles.reduce((sum, tile) => sum + tile.rows * tile.cols, 0));
  const into: Record<string, ArrayValue> = {};
  let from = 0;
  tiles.forEach(({ rows, cols: width }, i) => {
    const data = packed.subarray(from, (from += rows * width));
    into[i] = { type: "float64", shape: [rows, width], data };
  });
  await session.run({ a: { type: "float64", shape: [a.length / cols, cols], data: a } }, into);
  return packed;
}

async function sessionFor(cols: number): Promise<OnnxSession> {
  const session = sessions.get(cols) ?? OnnxSession.create(gramModel(cols));
  // the one used last stands at the end
  sessions.delete(cols);
  sessions.set(cols, session);
  if (sessions.size > KEPT) {
    const [oldest] = sessions.keys();
    const dropped = sessions.get(oldest);
    sessions.delete(oldest);
    await (await dropped)?.dispose();
  }
  return session;
}
