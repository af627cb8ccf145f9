/** Element types that the library reads and writes. */
export type DataType = "float32" | "float64" | "int32" | "int64" | "bool" | "uint8";

/** What holds the elements of each type in JavaScript (bool: one byte an element). */
export interface DataTypeArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
  uint8: Uint8Array;
}

export type DataArray = DataTypeArrays[DataType];

/** Dimensions; a word stands for one that is known only when the graph runs. */
export type GraphShape = readonly (number | string)[];

/** A constant. */
export interface TensorValue {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: DataArray;
}

/** A named input or output. */
export interface ValueInfo {
  readonly name: string;
  readonly type: DataType;
  readonly shape: GraphShape;
}

/** A whole number is an int attribute, a list of them ints; a real number must say that it is one. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorValue }
  | { readonly graph: Graph };

/** One operation. `domain` is empty for the standard operators. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
}

/** Operations in topological order. A subgraph may use the names of the graphs around it. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: readonly (TensorValue & { readonly name: string })[];
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
