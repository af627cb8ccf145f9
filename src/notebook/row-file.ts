import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ArgumentError } from "../core/errors.js";
import {
  canonicalJson,
  CorruptFileError,
  decodeSafetensors,
  encodeSafetensors,
  sha256,
  writeAtomic,
} from "../store/index.js";
import type { ShapedArray } from "../store/index.js";
import { environment } from "./environment.js";
import type { Parameters } from "./session.js";

/** Numbers and words that a row finds. */
export type RowResult = Readonly<Record<string, number | string | readonly number[]>>;

/** What a row depends on. */
export interface RowOptions {
  readonly params: Parameters;
  readonly seed: number;
  /** Version of the code that makes it, as the source names it. */
  readonly version: string;
  /** Checksum of the data that it reads. */
  readonly data?: string;
}

/** A method on a problem with a seed: what it found, where and how. */
export interface Row<T extends RowResult = RowResult> extends RowOptions {
  readonly id: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** Seconds that each part took when it was computed. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly result: T;
  /** The file of what was learned, beside the row's own, and its SHA-256. */
  readonly weights?: { readonly file: string; readonly sha256: string };
}

/** Arrays by name, such as the coefficients of a score. */
export type Weights = Readonly<Record<string, ShapedArray>>;

/** The largest file of weights, in bytes: they are committed. */
const MAX_WEIGHTS = 200_000;

/** A row's file: results/<id>.json with '/' as '--'. */
export function rowFile(id: string): string {
  return join(environment().figures, "results", `${id.replaceAll("/", "--")}.json`);
}

/** The committed row; undefined where there is none. @throws Error where it is no row */
export function readRow<T extends RowResult>(path: string): Row<T> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Row<T>;
  } catch (cause) {
    throw new Error(`${path} is not a row: delete it to have it computed again`, { cause });
  }
}

/** Whether a row was made from these parameters, seed, version and data. */
export function isOf(row: Row, options: RowOptions): boolean {
  const parts = ({ params, seed, version, data }: RowOptions) =>
    canonicalJson({ params, seed, version, data }, "options");
  return parts(row) === parts(options);
}

/** Writes a row, its weights first, so that a row that exists is whole. */
export async function writeRow<T extends RowResult>(
  row: Row<T>,
  weights: Weights | undefined,
): Promise<Row<T>> {
  const path = rowFile(row.id);
  let made = row;
  if (weights !== undefined) {
    const bytes = encodeWeights(row.id, weights);
    const file = `${row.id.replaceAll("/", "--")}.safetensors`;
    await writeAtomic(join(dirname(path), file), bytes);
    made = { ...row, weights: { file, sha256: sha256(bytes) } };
  }
  await writeAtomic(path, `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

/** The bytes of a row's weights. @throws ArgumentError where they are too many to be committed */
export function encodeWeights(id: string, weights: Weights): Uint8Array {
  const bytes = encodeSafetensors(weights);
  if (bytes.byteLength > MAX_WEIGHTS)
    throw new ArgumentError(
      `${id}: weights`,
      `${Math.ceil(bytes.byteLength / 1000)} kB`,
      `at most ${MAX_WEIGHTS / 1000} kB`,
    );
  return bytes;
}

/**
 * What a row has learned, from the file beside it.
 * @throws ArgumentError for a row that kept none; CorruptFileError where the file is not the one that the row wrote
 */
export function weights(row: Row): Weights {
  if (row.weights === undefined) throw new ArgumentError("row", row.id, "a row that kept weights");
  const path = join(dirname(rowFile(row.id)), row.weights.file);
  const bytes = new Uint8Array(readFileSync(path));
  if (sha256(bytes) !== row.weights.sha256)
    throw new CorruptFileError(path, "its checksum is not the one in the row");
  return decodeSafetensors(bytes, path).tensors;
}
