import { foldIn, type Key } from "../random/index.js";
import { filled, sizeOf, type BatchOptions, type FilledSource, type Source } from "./batch.js";
import type { BufferSpec, Draw } from "./shard/spec.js";

/** Consecutive rows of a batch. */
export interface Stretch {
  readonly first: number;
  readonly rows: number;
}

/** All rows, cut as evenly as possible: the first shards have one row more where they do not divide. */
export function stretches(size: number, shards: number): Stretch[] {
  const [least, extra] = [Math.floor(size / shards), size % shards];
  return Array.from({ length: shards }, (_, s) => ({
    first: s * least + Math.min(s, extra),
    rows: least + (s < extra ? 1 : 0),
  }));
}

/** Shape of an input on a shard of so many rows. */
export function inputShape({ kind, shape }: Source, rows: number): number[] {
  return kind === "perStep" ? [...shape] : [rows, ...shape];
}

/** Name of the buffer of an input: no input's own name can be taken for another array of the step. */
export function inputName(name: string): string {
  return `input ${name}`;
}

/** Name of the common buffer with a source's data. */
export function dataName(name: string): string {
  return `data of ${name}`;
}

/** The child of the step's key that a source draws with: the same one for all sources of rows. */
function salt(source: Source, place: number): number {
  return source.kind === "rows" ? 0 : place + 1;
}

/** What is drawn in the worker for the rows of one shard. */
export function drawsOf({ size, inputs }: BatchOptions, { first, rows }: Stretch): Draw[] {
  return Object.entries(inputs).flatMap(([name, source], place): Draw[] => {
    const common = {
      buffer: inputName(name),
      salt: salt(source, place),
      first,
      rows,
      inner: sizeOf(source.shape),
    };
    if (source.kind === "rows") return [{ ...common, kind: "rows", data: dataName(name) }];
    if (source.kind === "values" || source.kind === "perStep") return [];
    return [{ ...common, kind: source.kind, outer: 1, total: size }];
  });
}

/** Arrays of one shard. Drawn inputs stay in the worker. */
export function buffersOf({ inputs }: BatchOptions, { rows }: Stretch): Record<string, BufferSpec> {
  const entries = Object.entries(inputs).map(([name, source]): [string, BufferSpec] => {
    const where = isFilled(source) ? "shared" : "worker";
    return [inputName(name), { length: sizeOf(inputShape(source, rows)), where }];
  });
  return Object.fromEntries(entries);
}

/** Data that all shards draw from. */
export function commonData({ inputs }: BatchOptions): Record<string, Float32Array> {
  const entries = Object.entries(inputs).flatMap(([name, source]) => {
    return source.kind === "rows" ? [[dataName(name), source.data] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** Entries that are computed on the main thread for a step, for the whole batch, by name. */
export function filledInputs(
  { size, inputs }: BatchOptions,
  key: Key,
  step: number,
): readonly { readonly name: string; readonly source: FilledSource; readonly entries: ArrayLike<number> }[] {
  return Object.entries(inputs).flatMap(([name, source], place) => {
    if (!isFilled(source)) return [];
    const entries = filled(name, source, foldIn(key, salt(source, place)), step, size);
    return [{ name, source, entries }];
  });
}

function isFilled(source: Source): source is FilledSource {
  return source.kind === "values" || source.kind === "perStep";
}
