import type { TensorFlow } from "../tfjs.js";
import type { Scope } from "../ir/scope.js";
import type { Value } from "../ir/value.js";

/** Operands of a kernel by the names that tfjs gives them. */
export type Inputs = Readonly<Record<string, Value>>;

/** Writes one tfjs kernel down as nodes of a graph. `attributes` are the kernel's own; each lowering says which it reads. */
export type Lowering = (scope: Scope, inputs: Inputs, attributes: never, tf: TensorFlow) => Value | Value[];

/** Lowerings by kernel name. */
export type Lowerings = Readonly<Record<string, Lowering>>;
