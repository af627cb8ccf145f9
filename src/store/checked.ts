import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CorruptFileError, readError } from "./errors.js";
import { writeAtomic, type FileData } from "./write-atomic.js";

const MAGIC = "scorebook checked file";
/** Magic words, 64 hexadecimal digits, a line end. */
const HEADER = MAGIC.length + 1 + 64 + 1;

/** SHA-256 of bytes or of a text in UTF-8, as 64 hexadecimal digits. */
export function sha256(data: FileData): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Write a file that carries its own checksum: one line with the SHA-256 of the rest, then the data.
 * @throws FileError where the folder cannot be written
 */
export async function writeChecked(path: string, data: FileData): Promise<void> {
  const bytes = Buffer.from(data);
  await writeAtomic(path, Buffer.concat([Buffer.from(header(bytes)), bytes]));
}

/**
 * The data of a file written by `writeChecked`.
 * @throws CorruptFileError where any byte differs from what was written; FileError where it cannot be read
 */
export async function readChecked(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new CorruptFileError(path, `does not begin with "${MAGIC}"`);
  }
  // a copy: readFile's buffer may start at an odd place
  const data = new Uint8Array(bytes.subarray(HEADER));
  if (bytes.toString("latin1", 0, HEADER) !== header(data)) {
    throw new CorruptFileError(path, "its checksum differs from that of its contents");
  }
  return data;
}

function header(data: Uint8Array): string {
  return `${MAGIC} ${sha256(data)}\n`;
}
