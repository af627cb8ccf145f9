import type { Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "../tfjs.js";

type Gradients = (
  f: () => Tensor,
  xs: Tensor[],
  dy?: Tensor,
  allowMissing?: boolean,
) => { value: Tensor; grads: (Tensor | undefined)[] };

/**
 * The gradient with respect to an input on which nothing depends is zero; tfjs throws there, which ends the chain of
 * derivatives of any polynomial. A caller that allows missing gradients still gets them missing.
 */
export function zeroWhereIndependent(tf: TensorFlow): void {
  const engine = tf.engine() as unknown as { gradients: Gradients };
  const gradients = engine.gradients.bind(engine);
  engine.gradients = (f, xs, dy, allowMissing = false) => {
    const result = gradients(f, xs, dy, true);
    if (allowMissing) return result;
    return { value: result.value, grads: xs.map((x, i) => result.grads[i] ?? tf.zeros(x.shape)) };
  };
}
