import type { Tensor } from "@tensorflow/tfjs";
import type { Program } from "./program.js";

/** Entries of a float32, int32 or bool tensor. */
export type Entries = Float32Array | Int32Array | Uint8Array;

/** What may stand for a tensor in an example: a tensor, a vector, a number, or type and shape alone. */
export type ExampleLeaf =
  | Tensor
  | Entries
  | Float64Array
  | number
  | { readonly shape: readonly number[]; readonly dtype?: "float32" | "int32" | "bool" };

/** A tree of tensors with each of them replaced by an example. */
export type Example<T> = T extends Tensor ? ExampleLeaf : { readonly [K in keyof T]: Example<T[K]> };

/** A tree of tensors with each of them replaced by its entries, row by row; for inputs numbers stand for scalars. */
export type InputArrays<T> = T extends Tensor
  ? Entries | Float64Array | number
  : { readonly [K in keyof T]: InputArrays<T[K]> };

/** A tree of tensors with each of them replaced by its entries, row by row. */
export type OutputArrays<T> = T extends Tensor ? Entries : { readonly [K in keyof T]: OutputArrays<T[K]> };

/** How a function is compiled. */
export interface CompileOptions {
  /**
   * `none`: what cannot be compiled is an error (the default); `eager`: it runs operation by operation on tfjs's
   * current backend instead, which is much slower.
   */
  readonly fallback?: "none" | "eager";
  /** Keep ONNX Runtime's optimised form of the program on disk, by content hash (default true). */
  readonly cache?: boolean;
}

/** A function that runs as a compiled program, in a thread of the worker pool. */
export interface CompiledFunction<I, O> {
  /**
   * Run on a tree like the example. Tensors in, tensors out: another shape of the same rank compiles another program,
   * once. Entries in, entries out: they have the example's shape.
   * @throws ArgumentError where a leaf does not fit the example, by its path
   */
  (input: I): Promise<O>;
  (input: InputArrays<I>): Promise<OutputArrays<O>>;
  /** Whether it was compiled, or runs eagerly because of `options.fallback` or the device. */
  readonly mode: "compiled" | "eager";
  /** The program for the example's shapes; undefined in eager mode. */
  readonly program: Program | undefined;
  /** Shapes of the outputs for the example's shapes, by path. */
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;
  /** Write the program for the example's shapes as an ONNX file, for Netron and other runtimes. */
  dumpModel(path: string): Promise<void>;
}
