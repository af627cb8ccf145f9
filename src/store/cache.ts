import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError } from "../core/errors.js";
import { canonicalJson } from "./canonical-json.js";
import { sha256 } from "./checked.js";
import { CorruptFileError, FileError, writeError } from "./errors.js";
import { makeFolder } from "./make-folder.js";
import { readTree, writeTree, type Stored } from "./stored.js";

/** What a result depends on: parameters, seed, version of the code, data (arrays count by their checksum). */
export type CacheKey = Readonly<Record<string, unknown>>;

/** A value and where it came from. */
export interface Cached<T> {
  readonly value: T;
  /** "recomputed": an entry was there, but damaged. */
  readonly origin: "cache" | "computed" | "recomputed";
  /** The entry's file. */
  readonly path: string;
  /** What was wrong with a damaged entry. */
  readonly note?: string;
}

/** What a look-up finds. */
export type CacheLookup =
  { readonly found: true; readonly value: Stored } | { readonly found: false; readonly damage?: string };

/** Results in a folder, found by what they depend on. */
export interface Cache {
  /** The file of a key's entry, whether it exists or not. @throws ArgumentError for a key that JSON cannot hold */
  path(key: CacheKey): string;
  /** The entry of a key; a damaged one is not found, and said to be damaged. @throws FileError where it cannot be read */
  get(key: CacheKey): Promise<CacheLookup>;
  /** Store an entry, whole or not at all. @throws FileError, ArgumentError */
  set(key: CacheKey, value: Stored): Promise<void>;
  /**
   * The value stored under the key, else that of `compute`, which is then stored. Calls with one key share one computation.
   * @throws FileError before it computes, where the folder cannot be written; whatever `compute` throws
   */
  cached<T extends Stored>(key: CacheKey, compute: () => T | Promise<T>): Promise<Cached<T>>;
}

/**
 * A cache in a folder: the entry of a key is the file named by the SHA-256 of the key's canonical JSON, holds the key beside the
 * value, and carries its own checksum.
 *
 * @param folder made when the first entry is written
 * @throws ArgumentError for an empty name
 */
export function cache(folder: string): Cache {
  if (typeof folder !== "string" || folder === "")
    throw new ArgumentError("folder", folder, "a folder's name");
  const running = new Map<string, Promise<Cached<Stored>>>();
  const path = (key: CacheKey): string => join(folder, `${sha256(canonicalJson(key, "key"))}.entry`);

  async function get(key: CacheKey): Promise<CacheLookup> {
    try {
      const entry = (await readTree(path(key))) as { readonly key?: string; readonly value: Stored };
      if (entry.key === canonicalJson(key, "key")) return { found: true, value: entry.value };
      return { found: false, damage: `${path(key)}: holds the entry of another key` };
    } catch (error) {
      if (error instanceof CorruptFileError) return { found: false, damage: error.message };
      if (error instanceof FileError && isMissing(error)) return { found: false };
      throw error;
    }
  }

  async function set(key: CacheKey, value: Stored): Promise<void> {
    await writeTree(path(key), { key: canonicalJson(key, "key"), value });
  }

  async function lookUpOrCompute(
    key: CacheKey,
    compute: () => Stored | Promise<Stored>,
  ): Promise<Cached<Stored>> {
    const entry = await get(key);
    if (entry.found) return { value: entry.value, origin: "cache", path: path(key) };
    await checkWritable(folder, path(key));
    const value = await compute();
    await set(key, value);
    if (entry.damage === undefined) return { value, origin: "computed", path: path(key) };
    return { value, origin: "recomputed", path: path(key), note: entry.damage };
  }

  function cached<T extends Stored>(key: CacheKey, compute: () => T | Promise<T>): Promise<Cached<T>> {
    const file = path(key);
    const shared = running.get(file) ?? lookUpOrCompute(key, compute).finally(() => running.delete(file));
    running.set(file, shared);
    return shared as Promise<Cached<T>>;
  }

  return { path, get, set, cached };
}

/** A long computation whose result could not be stored is to fail before it starts. */
async function checkWritable(folder: string, path: string): Promise<void> {
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function isMissing(error: FileError): boolean {
  return (error.cause as NodeJS.ErrnoException).code === "ENOENT";
}
