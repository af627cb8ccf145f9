/** Files: written whole or not at all, with checksums; a cache of results; safetensors, NumPy and CSV. */
export { CorruptFileError, FileError } from "./errors.js";
export { makeFolder } from "./make-folder.js";
export { writeAtomic, writeAtomicSync, type FileData } from "./write-atomic.js";
export { readChecked, sha256, writeChecked } from "./checked.js";
export { canonicalJson } from "./canonical-json.js";
export { decodeTree, encodeTree, readTree, writeTree, type Stored } from "./stored.js";
export { cache, type Cache, type CacheKey, type CacheLookup, type Cached } from "./cache.js";
export type { NumberArray, ShapedArray } from "./typed-arrays.js";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  writeSafetensors,
  type Safetensors,
} from "./safetensors.js";
export { decodeNpy, encodeNpy, readNpy, writeNpy } from "./npy.js";
export { formatCsv, parseCsv, readCsv, writeCsv, type Csv, type CsvOptions } from "./csv.js";
