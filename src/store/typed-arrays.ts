/** Arrays of numbers that files hold. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/** An array with its shape; the last index runs fastest. */
export interface ShapedArray {
  readonly data: NumberArray;
  readonly shape: readonly number[];
}

interface NumberArrayConstructor {
  new (buffer: ArrayBuffer): NumberArray;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
}

/** Each kind of array with its names in safetensors and NumPy files. */
export const KINDS: readonly {
  readonly array: NumberArrayConstructor;
  readonly safetensors: string;
  readonly npy: string;
}[] = [
  { array: Float64Array, safetensors: "F64", npy: "<f8" },
  { array: Float32Array, safetensors: "F32", npy: "<f4" },
  { array: Int32Array, safetensors: "I32", npy: "<i4" },
  { array: Uint32Array, safetensors: "U32", npy: "<u4" },
  { array: Int16Array, safetensors: "I16", npy: "<i2" },
  { array: Uint16Array, safetensors: "U16", npy: "<u2" },
  { array: Int8Array, safetensors: "I8", npy: "|i1" },
  { array: Uint8Array, safetensors: "U8", npy: "|u1" },
  { array: BigInt64Array, safetensors: "I64", npy: "<i8" },
  { array: BigUint64Array, safetensors: "U64", npy: "<u8" },
];

export function isNumberArray(value: unknown): value is NumberArray {
  return KINDS.some(({ array }) => value instanceof array);
}

/** The entry of KINDS that an array belongs to. */
export function kindOf(data: NumberArray): (typeof KINDS)[number] {
  const kind = KINDS.find(({ array }) => data instanceof array);
  if (kind === undefined) throw new TypeError(`no file format for ${Object.prototype.toString.call(data)}`);
  return kind;
}

/** The bytes of an array, without a copy. */
export function bytesOf(data: NumberArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A copy of bytes in memory of its own; a Buffer's own `slice` would share it. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
