import type { Tensor } from "@tensorflow/tfjs";
import { innerProduct } from "../derivatives/reverse.js";
import type { TensorFlow } from "../tfjs.js";
import { runLoop } from "./run-loop.js";
import type { FlatStep, TracedLoop } from "./loop.js";

const ready = new WeakSet<TensorFlow>();

/**
 * Registers the gradient of loops: a loop from the last step to the first that recomputes each step from the carried
 * values before it, which are all that the forward loop stores. With c' , y = f(c, x, k) and the cotangents l of c' and
 * d of y, each step gives (l, dx, dk) = (l, d)^T df, and dk is summed.
 */
export function registerLoopGradient(tf: TensorFlow): void {
  if (ready.has(tf)) return;
  ready.add(tf);
  tf.registerGradient({
    kernelName: "Scan",
    saveAllInputs: true,
    gradFunc: (dys, saved, attributes) => {
      const { loop } = attributes as unknown as { loop: TracedLoop };
      const gradients = adjoint(tf, loop, saved, Array.isArray(dys) ? dys : [dys]);
      return Object.fromEntries(gradients.map((gradient, i) => [i, () => gradient]));
    },
  });
}

function adjoint(tf: TensorFlow, loop: TracedLoop, inputs: Tensor[], dys: Tensor[]): Tensor[] {
  const { numCarried, numScanned, captured } = loop;
  const xs = inputs.slice(numCarried, numCarried + numScanned);
  const results = tf.engine().runKernel<Tensor[]>("Scan", inputs as never, { loop } as never);
  const history = results.slice(results.length - numCarried);
  const numYields = results.length - 2 * numCarried;
  const [last, yielded, before] = cut(
    dys.map((dy) => dy.toFloat()),
    [numCarried, numYields, numCarried],
  );

  const step: FlatStep = (carry, entries) => {
    const [lambda, sums] = cut(carry, [numCarried, captured.length]);
    const [c, x, dy, dc] = cut(entries, [numCarried, numScanned, numYields, numCarried]);
    const gradients = stepGradients(tf, loop.step, { c, x, k: captured }, [...lambda, ...dy]);
    const [next, dx, dk] = cut(gradients, [numCarried, numScanned, captured.length]);
    return {
      carry: [...next.map((g, i) => g.add(dc[i])), ...sums.map((sum, i) => sum.add(dk[i]))],
      yields: dx,
    };
  };
  const zeros = captured.map((k) => tf.zeros(k.shape));
  const { carry, yields } = runLoop(tf, step, {
    init: [...last, ...zeros],
    xs: [...history, ...xs, ...yielded, ...before],
    length: loop.length,
    reverse: !loop.reverse,
  });
  const [dInit, dCaptured] = cut(carry, [numCarried, captured.length]);
  return [...dInit, ...yields, ...dCaptured];
}

/** Gradients of <outputs, cotangents> with respect to all that a step reads; zero for whole numbers. */
function stepGradients(
  tf: TensorFlow,
  step: FlatStep,
  { c, x, k }: { c: Tensor[]; x: Tensor[]; k: readonly Tensor[] },
  cotangents: Tensor[],
): Tensor[] {
  const inputs = [...c, ...x, ...k];
  const real = inputs.filter((tensor) => tensor.dtype === "float32");
  const objective = (): Tensor => {
    const { carry, yields } = step(c, x);
    const pairs = [...carry, ...yields].map((y, i): [Tensor, Tensor] => [y, cotangents[i]]);
    const floats = pairs.filter(([y]) => y.dtype === "float32");
    return innerProduct(floats.map(([y]) => y), floats.map(([, v]) => v)); // prettier-ignore
  };
  const { grads } = tf.engine().gradients(objective, real);
  return inputs.map((tensor) => {
    const place = real.indexOf(tensor);
    return place < 0 ? tf.zeros(tensor.shape) : grads[place];
  });
}

/** A list cut into pieces of the given lengths. */
function cut(list: readonly Tensor[], lengths: readonly number[]): Tensor[][] {
  let start = 0;
  return lengths.map((length) => list.slice(start, (start += length)));
}
