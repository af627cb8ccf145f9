import type { Tensor } from "@tensorflow/tfjs";
import { compile } from "../../src/engine/compile.js";
import { tf as load } from "../../src/engine/tfjs.js";
import { randomProgram, withGradients, type RandomProgram } from "./random-programs.js";

const tf = load();

/** How far a compiled program is from the eager one. */
export interface Comparison {
  readonly names: readonly string[];
  /** Largest |compiled - eager| / (1 + sum of the absolute terms): the largest entries of all intermediate results. */
  readonly error: number;
}

/** Compile the random program of a seed with its gradients and compare it with the same run on tfjs's cpu backend. */
export function compare(seed: number): Promise<Comparison> {
  return compareProgram(randomProgram(seed));
}

export async function compareProgram(program: RandomProgram): Promise<Comparison> {
  let terms = 0;
  const note = (x: Tensor): void => {
    terms += x.size > 0 ? x.abs().max().dataSync()[0] : 0;
  };
  tf.engine().startScope();
  tf.tidy(() => void program.run(program.inputs, note));
  const eager = withGradients(program, program.inputs);
  const compiled = compile((inputs: Tensor[]) => withGradients(program, inputs), program.inputs, {
    cache: false,
  });
  const results = await compiled(program.inputs);
  const error = Math.max(...results.map((t, i) => difference(t, eager[i], terms)));
  tf.engine().endScope();
  tf.dispose([...results, ...program.inputs]);
  return { names: program.names, error };
}

function difference(given: Tensor, wanted: Tensor, terms: number): number {
  if (given.dtype !== wanted.dtype || given.shape.join() !== wanted.shape.join()) return Infinity;
  const [a, b] = [given.dataSync(), wanted.dataSync()];
  const largest = Math.max(0, ...Array.from(b, Math.abs));
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const both = Number.isNaN(a[i]) && Number.isNaN(b[i]);
    if (!both) worst = Math.max(worst, Number.isNaN(a[i] - b[i]) ? Infinity : Math.abs(a[i] - b[i]));
  }
  return worst / (1 + terms + largest);
}
