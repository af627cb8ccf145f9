import type { Scope } from "../ir/scope.js";
import type { Value } from "../ir/value.js";
import type { Lowerings } from "./lowering.js";

/** A loop that was traced already and writes itself down. */
export interface EmittedLoop {
  emit(scope: Scope, inputs: readonly Value[]): Value[];
}

/** The kernel behind `scan`. */
export const loops: Lowerings = {
  Scan: (s, inputs, a: { loop: EmittedLoop }) => a.loop.emit(s, Object.values(inputs)),
};
