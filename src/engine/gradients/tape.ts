import type { Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "../tfjs.js";

/** What this module uses of tfjs's record of operations. */
interface TapeNode {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  readonly saved?: readonly Tensor[];
}

interface TapeOwner {
  readonly state: { readonly activeTape: TapeNode[] | null };
  addTapeNode(...args: unknown[]): void;
}

/**
 * Makes saved outputs differentiable. tfjs records the copy of an output that an operation saves for its gradient
 * *before* the operation itself, so that a later derivative takes the copy for a constant: the second derivative of
 * anything made of exp, tanh, sigmoid or softmax is wrong. Here the copies are moved behind the operation.
 */
export function followSavedOutputs(tf: TensorFlow): void {
  const engine = tf.engine() as unknown as TapeOwner;
  const record = engine.addTapeNode.bind(engine);
  engine.addTapeNode = (...args) => {
    record(...args);
    const tape = engine.state.activeTape;
    if (tape !== null) moveCopiesBehind(tape);
  };
}

function moveCopiesBehind(tape: TapeNode[]): void {
  const node = tape[tape.length - 1];
  const pending = new Set((node.saved ?? []).map((tensor) => tensor.id));
  const outputs = new Set(node.outputs.map((tensor) => tensor.id));
  const copies: TapeNode[] = [];
  for (let i = tape.length - 2; i >= 0 && pending.size > 0; i--) {
    const candidate = tape[i];
    if (!pending.delete(candidate.outputs[0].id)) continue;
    if (!outputs.has(candidate.inputs.x.id)) continue;
    tape.splice(i, 1);
    copies.push(candidate);
  }
  tape.push(...copies);
}
