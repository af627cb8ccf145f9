import { createHash } from "node:crypto";
import type { Tensor } from "@tensorflow/tfjs";
import { flatten, type TreeShape } from "../../core/tree.js";
import { encodeModel } from "../../onnx/encode.js";
import { operand } from "../ir/materialise.js";
import { Scope } from "../ir/scope.js";
import { finish } from "../passes/finish.js";
import type { Program, TensorSpec } from "../program.js";
import { tf as load, type TensorFlow } from "../tfjs.js";
import { TRACING_BACKEND } from "../tracing-flag.js";
import { describe, registerTracingBackend, valueOf } from "./backend.js";
import { refuse } from "./refusal.js";
import { withTracing, type Tracing } from "./tracing.js";

/** Type and shape of an input. */
export type InputSpec = Omit<TensorSpec, "name">;

/** A program, and how its outputs are arranged. */
export interface Traced {
  readonly program: Program;
  readonly outputs: TreeShape;
}

/**
 * Run a function once on tensors without entries and write down what it does.
 * @param fn receives one tensor for each spec; returns a tree of tensors
 * @throws CompileError for what cannot be written down
 */
export function trace(fn: (inputs: Tensor[]) => unknown, specs: readonly InputSpec[]): Traced {
  const tf = load();
  registerTracingBackend(tf);
  const scope = new Scope();
  const tracing: Tracing = { scope, values: new WeakMap(), noteUse: () => undefined, kept: [] };
  return onTracingBackend(tf, tracing, () => {
    const inputs = specs.map((spec, i) => {
      const value = scope.input(`in${i}`, spec.type, spec.shape);
      return tf.engine().makeTensorFromTensorInfo(describe(tracing, value));
    });
    const { leaves, shape } = outputsOf(tf, fn(inputs));
    const outputs = leaves.map((leaf) => {
      const value = valueOf(tf, tracing, leaf);
      return { ...operand(scope, value), type: value.type, shape: value.shape };
    });
    return { program: assemble(scope, outputs), outputs: shape };
  });
}

function onTracingBackend<T>(tf: TensorFlow, tracing: Tracing, body: () => T): T {
  const before = tf.getBackend();
  const engine = tf.engine();
  void tf.setBackend(TRACING_BACKEND);
  engine.startScope("compile");
  try {
    return withTracing(tracing, body);
  } finally {
    tf.dispose(tracing.kept);
    engine.endScope();
    void tf.setBackend(before);
  }
}

function outputsOf(tf: TensorFlow, result: unknown): { leaves: Tensor[]; shape: TreeShape } {
  if (result instanceof Promise) refuse("an async function", "compute with tensors only, without awaiting");
  const isTensor = (value: unknown): value is Tensor => value instanceof tf.Tensor;
  return flatten("the result of fn", result, isTensor, "a tensor, or a list or record of them");
}

function assemble(scope: Scope, results: readonly TensorSpec[]): Program {
  const { graph, outputs } = finish(scope, results);
  const model = encodeModel(graph);
  const inputs = scope.inputs.map(({ name, type, shape }) => ({ name, type, shape }));
  const hash = createHash("sha256").update(model).digest("hex");
  return { model, hash, inputs, outputs };
}
