import { fillNormal, foldIn, randint, uniform, type Key } from "../../random/index.js";
import type { Draw, NoiseDraw, RowsDraw } from "./spec.js";

/** Draws made at once, in float64, before they are rounded. */
const CHUNK = 2048;
const scratch = new Float64Array(CHUNK);
/** Largest float32 below 1: rounding must not close the open interval. */
const BELOW_ONE = 1 - 2 ** -24;

type Buffers = (name: string) => Float32Array | Int32Array;

/** Draw what a call needs. Entry by entry, draws depend on the key and on the place in the whole batch, not on the shards. */
export function draw(draws: readonly Draw[], key: Key, buffers: Buffers): void {
  for (const one of draws) {
    const child = foldIn(key, one.salt);
    if (one.kind === "rows") gather(one, child, buffers);
    else fill(one, child, buffers(one.buffer));
  }
}

function fill(
  { kind, outer, total, first, rows, inner }: NoiseDraw,
  key: Key,
  out: Float32Array | Int32Array,
): void {
  const size = rows * inner;
  const into = kind === "normal" ? fillNormals : fillUniforms;
  for (let o = 0; o < outer; o++) {
    into(key, out.subarray(o * size, (o + 1) * size), (o * total + first) * inner);
  }
}

function fillNormals(key: Key, out: Float32Array | Int32Array, start: number): void {
  for (let at = 0; at < out.length; at += CHUNK) {
    const part = scratch.subarray(0, Math.min(CHUNK, out.length - at));
    fillNormal(key, part, start + at);
    out.set(part, at);
  }
}

function fillUniforms(key: Key, out: Float32Array | Int32Array, start: number): void {
  for (let at = 0; at < out.length; at += CHUNK) {
    const part = uniform(key, Math.min(CHUNK, out.length - at), start + at);
    for (let i = 0; i < part.length; i++) out[at + i] = Math.min(BELOW_ONE, part[i]);
  }
}

function gather({ buffer, data, first, rows, inner }: RowsDraw, key: Key, buffers: Buffers): void {
  const [from, to] = [buffers(data), buffers(buffer)];
  const indices = randint(key, rows, 0, from.length / inner, first);
  for (let r = 0; r < rows; r++) {
    const start = indices[r] * inner;
    for (let i = 0; i < inner; i++) to[r * inner + i] = from[start + i];
  }
}
