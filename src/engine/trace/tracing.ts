import type { Tensor } from "@tensorflow/tfjs";
import type { Scope } from "../ir/scope.js";
import type { Value } from "../ir/value.js";

/** A program while it is traced. */
export interface Tracing {
  /** The graph that operations are written to now. */
  readonly scope: Scope;
  /** What is known about tensors, by the identity of their data. */
  readonly values: WeakMap<object, Value>;
  /** Called with every tensor that an operation reads. */
  noteUse(tensor: Tensor): void;
  /** Tensors that are kept until the program is finished, past the scope that made them. */
  readonly kept: Tensor[];
}

let current: Tracing | undefined;

/** @throws Error where no program is being traced: a traced tensor has escaped from its program */
export function currentTracing(): Tracing {
  if (current === undefined) {
    throw new Error(
      "a tensor of a compiled function was used after the function was traced; return it instead",
    );
  }
  return current;
}

/** What is being traced, if anything is. */
export function ongoingTracing(): Tracing | undefined {
  return current;
}

/** Trace into `tracing` while `body` runs. */
export function withTracing<T>(tracing: Tracing, body: () => T): T {
  const outer = current;
  current = tracing;
  try {
    return body();
  } finally {
    current = outer;
  }
}
