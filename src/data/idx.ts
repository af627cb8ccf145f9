import { readFileSync } from "node:fs";
import { ArgumentError } from "../core/errors.js";

/** A file in the IDX format: unsigned bytes in an array of `shape`, last index fastest. */
export interface IdxFile {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Read an IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, each size as a big-endian
 * 32-bit number, the bytes (LeCun, Cortes and Burges, the MNIST database).
 * @throws ArgumentError for another header, or a length that is not the header's
 */
export function readIdx(path: string): IdxFile {
  const file = readFileSync(path);
  const rank = file.length >= 4 ? file[3] : 0;
  const start = 4 + 4 * rank;
  if (file.length < start || rank === 0 || file[0] !== 0 || file[1] !== 0 || file[2] !== UNSIGNED_BYTE) {
    throw new ArgumentError("path", path, "an IDX file of unsigned bytes");
  }
  const shape = Array.from({ length: rank }, (_, i) => file.readUInt32BE(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (file.length !== start + size) {
    throw new ArgumentError(
      "path",
      path,
      `an IDX file of ${start + size} bytes, as its header says (it has ${file.length})`,
    );
  }
  return { shape, bytes: new Uint8Array(file.buffer, file.byteOffset + start, size) };
}
