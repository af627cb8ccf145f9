import { readFile } from "node:fs/promises";
import { ArgumentError } from "../core/errors.js";
import { CorruptFileError, readError } from "./errors.js";
import {
  KINDS,
  bufferOf,
  bytesOf,
  kindOf,
  sizeOf,
  type NumberArray,
  type ShapedArray,
} from "./typed-arrays.js";
import { writeAtomic } from "./write-atomic.js";

/** Named arrays and texts about them. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, ShapedArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The bytes of a safetensors file: the header's length, the header in JSON, the arrays one after the other.
 *
 * @throws ArgumentError where a shape does not fit its array
 * Source: https://github.com/huggingface/safetensors, "Format".
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, ShapedArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let end = 0;
  // wide elements first, then by name: every array is aligned, and equal contents give equal bytes
  const ordered = Object.entries(tensors).sort(([nameA, a], [nameB, b]) => {
    return b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1);
  });
  for (const [name, { data, shape }] of ordered) {
    if (name === "__metadata__") throw new ArgumentError("tensors", name, "another name than __metadata__");
    if (sizeOf(shape) !== data.length) {
      throw new ArgumentError(
        `tensors.${name}`,
        data,
        `${sizeOf(shape)} entries for shape [${shape.join(", ")}]`,
      );
    }
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: kindOf(data).safetensors, shape, data_offsets: [start, end] };
  }
  return assemble(
    JSON.stringify(header),
    end,
    ordered.map(([, { data }]) => data),
  );
}

function assemble(json: string, length: number, arrays: readonly NumberArray[]): Uint8Array {
  const text = Buffer.from(json);
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(text, 8);
  let offset = 8 + headerLength;
  for (const array of arrays) {
    bytes.set(bytesOf(array), offset);
    offset += array.byteLength;
  }
  return bytes;
}

/**
 * The arrays (copies) and texts of a safetensors file.
 *
 * @param path name of the file in messages
 * @throws CorruptFileError where the header is not valid, or its arrays do not fill the file exactly
 */
export function decodeSafetensors(bytes: Uint8Array, path: string = "safetensors"): Safetensors {
  const fail = (problem: string): never => {
    throw new CorruptFileError(path, problem);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + headerLength > bytes.length) fail("is shorter than its header");
  const body = bytes.subarray(8 + headerLength);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors: Record<string, ShapedArray> = {};
  let end = 0;
  const ordered = Object.entries(entries as Record<string, Entry>);
  for (const [name, entry] of ordered) checkEntry(name, entry, fail);
  ordered.sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [start, stop],
    },
  ] of ordered) {
    if (start !== end) fail(`tensor "${name}" starts at byte ${start}, expected ${end}`);
    end = stop;
    tensors[name] = { data: arrayOf(dtype, bufferOf(body.subarray(start, stop))), shape };
  }
  if (end !== body.length) fail(`holds ${body.length} bytes of arrays, expected ${end}`);
  return { tensors, metadata: metadata as Record<string, string> };
}

type Fail = (problem: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null) return header as Record<string, unknown>;
  } catch {
    // told below
  }
  return fail("its header is not JSON");
}

function checkEntry(name: string, entry: Entry, fail: Fail): void {
  const kind = KINDS.find(({ safetensors }) => safetensors === entry?.dtype);
  if (kind === undefined) return fail(`tensor "${name}" has the unknown type ${String(entry?.dtype)}`);
  const { shape, data_offsets: offsets } = entry;
  const whole = [shape, offsets].every(
    (list) => Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0),
  );
  if (!whole || offsets.length !== 2) return fail(`tensor "${name}" has no valid shape and offsets`);
  if (offsets[1] - offsets[0] !== sizeOf(shape) * kind.array.BYTES_PER_ELEMENT) {
    fail(
      `tensor "${name}" has ${offsets[1] - offsets[0]} bytes, which do not fit shape [${shape.join(", ")}]`,
    );
  }
}

function arrayOf(dtype: string, buffer: ArrayBuffer): NumberArray {
  const kind = KINDS.find(({ safetensors }) => safetensors === dtype) as (typeof KINDS)[number];
  return new kind.array(buffer);
}

/** Write named arrays to a file. @throws FileError, ArgumentError */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, ShapedArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeAtomic(path, encodeSafetensors(tensors, metadata));
}

/** Read named arrays from a file. @throws FileError where it cannot be read, CorruptFileError where it is not valid */
export async function readSafetensors(path: string): Promise<Safetensors> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  return decodeSafetensors(bytes, path);
}
