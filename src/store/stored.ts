import { ArgumentError } from "../core/errors.js";
import { readChecked, writeChecked } from "./checked.js";
import { CorruptFileError } from "./errors.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { isNumberArray, type NumberArray, type ShapedArray } from "./typed-arrays.js";

/** What files of results hold: arrays of numbers and JSON values in lists and records. Members that are undefined are left out. */
export type Stored =
  | NumberArray
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Stored[]
  | { readonly [name: string]: Stored };

/**
 * The bytes of a tree: a safetensors file whose metadata "tree" is JSON in which {"$array": i} stands for tensor i.
 *
 * Numbers that JSON does not know ({"$number": "NaN"}) and shared arrays survive; arrays are copied bit by bit.
 *
 * @throws ArgumentError that names what cannot be stored
 */
export function encodeTree(tree: Stored): Uint8Array {
  const tensors: Record<string, ShapedArray> = {};
  const places = new Map<NumberArray, string>();
  const keep = (array: NumberArray): string => {
    const place = places.get(array) ?? String(places.size);
    places.set(array, place);
    tensors[place] = { data: array, shape: [array.length] };
    return place;
  };
  const json = JSON.stringify(pack(tree, "tree", keep) ?? null);
  return encodeSafetensors(tensors, { tree: json });
}

/** The tree in the bytes that `encodeTree` made. @throws CorruptFileError where they hold none */
export function decodeTree(bytes: Uint8Array, path: string = "tree"): Stored {
  const { tensors, metadata } = decodeSafetensors(bytes, path);
  try {
    return unpack(JSON.parse(metadata.tree) as Packed, tensors);
  } catch {
    throw new CorruptFileError(path, 'its metadata "tree" is not that of a tree');
  }
}

/** Write a tree of arrays and JSON values to a file with its checksum, whole or not at all. @throws FileError, ArgumentError */
export async function writeTree(path: string, tree: Stored): Promise<void> {
  await writeChecked(path, encodeTree(tree));
}

/** Read a tree. @throws FileError where there is no such file, CorruptFileError where any byte of it has changed */
export async function readTree(path: string): Promise<Stored> {
  return decodeTree(await readChecked(path), path);
}

type Packed = number | string | boolean | null | Packed[] | { [name: string]: Packed };

function pack(value: Stored, path: string, keep: (array: NumberArray) => string): Packed | undefined {
  if (isNumberArray(value)) return { $array: keep(value) };
  if (isList(value)) return value.map((entry, i) => pack(entry, `${path}[${i}]`, keep) ?? null);
  if (typeof value === "number" && !(Number.isFinite(value) && !Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value === undefined || value === null || ["number", "string", "boolean"].includes(typeof value)) {
    return value as Packed | undefined;
  }
  return packRecord(value, path, keep);
}

function packRecord(value: Stored, path: string, keep: (array: NumberArray) => string): Packed {
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ArgumentError(path, value, "an array of numbers, a JSON value, or lists and records of them");
  }
  const packed: { [name: string]: Packed } = {};
  for (const [name, member] of Object.entries(value as Readonly<Record<string, Stored>>)) {
    const inner = pack(member, `${path}.${name}`, keep);
    // a second $ tells names that begin with one from the marks above
    if (inner !== undefined) packed[name.replace(/^\$/, "$$$$")] = inner;
  }
  return packed;
}

function unpack(value: Packed, tensors: Readonly<Record<string, ShapedArray>>): Stored {
  if (Array.isArray(value)) return value.map((entry) => unpack(entry, tensors));
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.$array === "string") return tensors[value.$array].data;
  if (typeof value.$number === "string") return Number(value.$number);
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name.replace(/^\$\$/, "$"), unpack(member, tensors)]),
  );
}

function isList(value: Stored): value is readonly Stored[] {
  return Array.isArray(value);
}
