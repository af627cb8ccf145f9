import type { Tensor } from "@tensorflow/tfjs";
import { unflatten, type TreeShape } from "../core/tree.js";
import { trace, type InputSpec, type Traced } from "./trace/trace.js";

/** The programs of one function, one for every combination of input shapes that it was called with. */
export class Programs {
  private readonly fn: (input: unknown) => unknown;
  private readonly tree: TreeShape;
  private readonly known = new Map<string, Traced>();

  /** @param tree how the inputs are arranged */
  constructor(fn: (input: unknown) => unknown, tree: TreeShape) {
    this.fn = fn;
    this.tree = tree;
  }

  /** The program for inputs of these types and shapes, traced when first asked for. @throws CompileError */
  for(specs: readonly InputSpec[]): Traced {
    const key = specs.map(({ type, shape }) => `${type} ${shape.join()}`).join(";");
    let traced = this.known.get(key);
    if (traced === undefined) {
      traced = trace((inputs: Tensor[]) => this.fn(unflatten(this.tree, inputs)), specs);
      this.known.set(key, traced);
    }
    return traced;
  }
}
