// A step is up to date while the hash of what it depends on is the one in its stamp.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** One hash of files (by path and content) and of other words.
 * @param {string} base folder that the names are relative to
 * @param {string[]} files
 * @param {string[]} words */
export function hashOf(base, files, words = []) {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) {
    hash.update(`${relative(base, file)}\0`);
    hash.update(existsSync(file) ? readFileSync(file) : "missing");
    hash.update("\0");
  }
  for (const word of words) hash.update(`${word}\0`);
  return hash.digest("hex");
}

/** Every file below a folder whose name passes; none where there is no such folder.
 * @param {string} folder
 * @param {(name: string) => boolean} wanted
 * @returns {string[]} */
export function filesBelow(folder, wanted) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, wanted);
    return wanted(entry.name) ? [path] : [];
  });
}

/** @param {string} stamp file
 * @param {string} hash */
export function isFresh(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, "utf8").trim() === hash;
}

/** Written last and at once, so that a step that was killed is done again.
 * @param {string} stamp file
 * @param {string} hash */
export function writeStamp(stamp, hash) {
  writeFileSync(`${stamp}.new`, `${hash}\n`);
  renameSync(`${stamp}.new`, stamp);
}
