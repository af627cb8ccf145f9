import { dirname } from "node:path";

/** A file that cannot be written or read: the message names it and says what to do. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly path: string;

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.path = path;
  }
}

/** A file whose bytes are not those that were written. */
export class CorruptFileError extends FileError {
  constructor(path: string, problem: string) {
    super(path, `${problem}; the file is damaged or not of this kind: delete it or restore it`);
  }
}

const WRITE_PROBLEMS: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `cannot be written: the folder ${dirname(path)} is not writable; change its permissions`,
  EPERM: (path) => `cannot be written: the folder ${dirname(path)} is not writable; change its permissions`,
  EROFS: (path) => `cannot be written: the folder ${dirname(path)} is on a read-only file system`,
  ENOENT: (path) => `cannot be written: the folder ${dirname(path)} cannot be made`,
  ENOSPC: () => "cannot be written: no space is left on the device; free some",
  EDQUOT: () => "cannot be written: the disk quota is used up; free some space",
  ENOTDIR: (path) => `cannot be written: a part of ${dirname(path)} is a file, not a folder`,
  EEXIST: (path) => `cannot be written: a part of ${dirname(path)} is a file, not a folder`,
  EISDIR: () => "cannot be written: it is a folder",
  ENAMETOOLONG: () => "cannot be written: the name is too long",
};

/** The error of the file system in words, with another folder as the way out. */
export function writeError(path: string, cause: unknown): FileError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const problem = WRITE_PROBLEMS[code]?.(path) ?? `cannot be written: ${message}`;
  return new FileError(path, `${problem}; or choose another folder (SCOREBOOK_OUT)`, { cause });
}

export function readError(path: string, cause: unknown): FileError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const problem = code === "ENOENT" ? "does not exist" : `cannot be read: ${message}`;
  return new FileError(path, problem, { cause });
}
