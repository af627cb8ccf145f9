import { checkFinite, checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Key } from "../random/index.js";

/** Rows of data, drawn with replacement; inputs from several such sources get the same rows. */
export interface RowsSource {
  readonly kind: "rows";
  /** Shape of a row. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly numRows: number;
}

/** Independent random entries. */
export interface NoiseSource {
  readonly kind: "normal" | "uniform";
  readonly shape: readonly number[];
}

/** Computes entries from the step's key. It runs on the main thread: for what takes under a few milliseconds. */
export type Fill = (key: Key, step: number) => ArrayLike<number>;

/** Entries of one's own, a row for every row of the batch, or one array for the whole step. */
export interface FilledSource {
  readonly kind: "values" | "perStep";
  readonly shape: readonly number[];
  readonly fill: Fill;
}

/** Where an input of a loss comes from. */
export type Source = RowsSource | NoiseSource | FilledSource;

/** The inputs of a loss at every step, drawn from the step's key. */
export interface BatchOptions {
  /** Rows. */
  readonly size: number;
  /** By the names under which the loss finds them. */
  readonly inputs: Readonly<Record<string, Source>>;
}

/**
 * Rows of data, drawn uniformly with replacement: an input [size, width].
 * @param data row by row, rounded to float32
 * @throws ArgumentError for ragged data, or entries that are not finite
 */
export function rows(data: Float64Array | Float32Array, width: number): RowsSource {
  checkInteger("width", width, { min: 1 });
  if (data.length === 0 || data.length % width !== 0) {
    throw new ArgumentError("data", data, `a length that is a positive multiple of width = ${width}`);
  }
  checkFinite("data", data);
  const numRows = data.length / width;
  return { kind: "rows", shape: [width], data: Float32Array.from(data), numRows };
}

/** Independent standard normal entries: an input [size, ...shape]. @throws ArgumentError */
export function normals(...shape: number[]): NoiseSource {
  return { kind: "normal", shape: checkShape(shape) };
}

/** Independent entries uniform on (0, 1), both ends excluded: an input [size, ...shape]. @throws ArgumentError */
export function uniforms(...shape: number[]): NoiseSource {
  return { kind: "uniform", shape: checkShape(shape) };
}

/** Entries of one's own: an input [size, ...shape]. @throws ArgumentError */
export function values(shape: readonly number[], fill: Fill): FilledSource {
  return { kind: "values", shape: checkShape(shape), fill };
}

/** Entries that all rows share, such as a coefficient that changes with the step: an input of that shape. @throws ArgumentError */
export function perStep(shape: readonly number[], fill: Fill): FilledSource {
  return { kind: "perStep", shape: checkShape(shape), fill };
}

/** Entries in an array of that shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** What a source filled in for a step. @throws ArgumentError for another number of entries */
export function filled(
  name: string,
  { fill, shape, kind }: FilledSource,
  key: Key,
  step: number,
  size: number,
): ArrayLike<number> {
  const entries = fill(key, step);
  const wanted = (kind === "values" ? size : 1) * sizeOf(shape);
  if (entries.length !== wanted) {
    throw new ArgumentError(`batch.inputs.${name}`, entries, `${wanted} entries at step ${step}`);
  }
  return entries;
}

/** @throws ArgumentError */
export function checkBatch({ size, inputs }: BatchOptions): void {
  checkInteger("batch.size", size, { min: 1 });
  if (typeof inputs !== "object" || inputs === null) {
    throw new ArgumentError("batch.inputs", inputs, "sources by name");
  }
  const kinds = ["rows", "normal", "uniform", "values", "perStep"];
  for (const [name, source] of Object.entries(inputs)) {
    if (kinds.includes(source?.kind)) continue;
    const expected = "a source, as rows, normals, uniforms, values and perStep make them";
    throw new ArgumentError(`batch.inputs.${name}`, source, expected);
  }
}

function checkShape(shape: readonly number[]): readonly number[] {
  shape.forEach((extent, axis) => checkInteger(`shape[${axis}]`, extent, { min: 1 }));
  return [...shape];
}
