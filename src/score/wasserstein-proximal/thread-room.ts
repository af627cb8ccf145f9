import { allocate, type ArrayValue } from "../../onnx/index.js";
import type { Network } from "./network.js";
import { triangleSize } from "./precision.js";

/** Arrays of a thread that its sessions read and write. */
export interface Room {
  /** The weights in float32. */
  readonly weights: ArrayValue;
  readonly gradient: ArrayValue;
  readonly ones: ArrayValue;
  readonly lambda: ArrayValue;
  readonly table: ArrayValue;
  readonly weighted: ArrayValue;
  readonly tilted: ArrayValue;
}

/** Room for a network, n kernels and stretches of so many of them. */
export function roomFor(net: Network, n: number, dim: number, stretch: number): Room {
  const f = 1 + dim + triangleSize(dim);
  const ones = single([1, stretch]);
  (ones.data as Float32Array).fill(1);
  return {
    ...{ weights: single([net.size]), gradient: single([net.size]), ones },
    ...{ lambda: double([n, f]), table: double([n, 2 * f + 1]) },
    ...{ weighted: double([n, 2 * f]), tilted: double([n, f]) },
  };
}

/** A zeroed float32 value. */
export function single(shape: readonly number[]): ArrayValue {
  return { type: "float32", shape, data: allocate("float32", shape) };
}

/** A zeroed float64 value. */
export function double(shape: readonly number[]): ArrayValue {
  return { type: "float64", shape, data: allocate("float64", shape) };
}
