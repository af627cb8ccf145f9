import type { ValueType } from "./ir/value.js";

/** Type and shape of one tensor of a program. */
export interface TensorSpec {
  readonly name: string;
  readonly type: ValueType;
  readonly shape: readonly number[];
}

/** A traced program: plain data, so that it can be sent to threads and kept on disk. */
export interface Program {
  /** The bytes of an ONNX model file. */
  readonly model: Uint8Array;
  /** SHA-256 of the model, in hexadecimal: equal programs have equal hashes. */
  readonly hash: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}
