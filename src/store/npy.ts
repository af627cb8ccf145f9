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

const MAGIC = "\x93NUMPY";

/**
 * The bytes of a NumPy file, format version 1.0, in C order.
 *
 * @param shape defaults to a vector
 * @throws ArgumentError where the shape does not fit the array
 * Source: numpy.lib.format, "Format Version 1.0".
 */
export function encodeNpy(data: NumberArray, shape: readonly number[] = [data.length]): Uint8Array {
  if (sizeOf(shape) !== data.length) {
    throw new ArgumentError("data", data, `${sizeOf(shape)} entries for shape [${shape.join(", ")}]`);
  }
  const tuple = `(${shape.map((length) => `${length},`).join(" ")})`;
  const dictionary = `{'descr': '${kindOf(data).npy}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // the arrays start at a multiple of 64 bytes, and a line end goes before them
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set(Buffer.from(MAGIC, "latin1"));
  bytes.set([1, 0, (start - 10) & 255, (start - 10) >> 8], 6);
  bytes.set(Buffer.from(`${dictionary.padEnd(start - 11)}\n`, "latin1"), 10);
  bytes.set(bytesOf(data), start);
  return bytes;
}

/**
 * The array (a copy) and shape in a NumPy file of version 1 to 3; booleans become bytes.
 *
 * @param path name of the file in messages
 * @throws CorruptFileError where it is not such a file, or holds complex numbers, objects, big-endian or Fortran-ordered data
 */
export function decodeNpy(bytes: Uint8Array, path: string = "npy"): ShapedArray {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.toString("latin1", 0, 6) !== MAGIC) throw new CorruptFileError(path, "is not a NumPy file");
  const wide = bytes[6] > 1;
  if (bytes.length < 12) throw new CorruptFileError(path, "is shorter than its header");
  const start = wide ? 12 + text.readUInt32LE(8) : 10 + text.readUInt16LE(8);
  const { descr, shape } = parseHeader(text.toString("latin1", wide ? 12 : 10, start), path);
  const kind = KINDS.find(({ npy }) => npy === descr.replace("|b1", "|u1"));
  if (kind === undefined)
    throw new CorruptFileError(path, `holds numbers of type ${descr}, which are not read`);
  const body = bufferOf(bytes.subarray(start));
  const expected = sizeOf(shape) * kind.array.BYTES_PER_ELEMENT;
  if (body.byteLength !== expected) {
    throw new CorruptFileError(
      path,
      `holds ${body.byteLength} bytes, expected ${expected} for shape (${shape.join(", ")})`,
    );
  }
  return { data: new kind.array(body), shape };
}

function parseHeader(header: string, path: string): { descr: string; shape: number[] } {
  const descr = /'descr': *'([^']+)'/.exec(header)?.[1];
  const order = /'fortran_order': *(True|False)/.exec(header)?.[1];
  const shape = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw new CorruptFileError(path, "has no valid header");
  }
  if (order === "True")
    throw new CorruptFileError(path, "is in Fortran order (numpy.ascontiguousarray turns it)");
  return {
    descr,
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
  };
}

/** Write an array to a NumPy file. @throws FileError, ArgumentError */
export async function writeNpy(path: string, data: NumberArray, shape?: readonly number[]): Promise<void> {
  await writeAtomic(path, encodeNpy(data, shape));
}

/** Read an array from a NumPy file. @throws FileError where it cannot be read, CorruptFileError where it is not valid */
export async function readNpy(path: string): Promise<ShapedArray> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  return decodeNpy(bytes, path);
}
