import type { Tensor } from "@tensorflow/tfjs";
import { tf, type TensorFlow } from "./tfjs.js";
import { isTracing } from "./tracing-flag.js";

/** log(2 / sqrt(pi)): the factor of erf's derivative, moved into the exponent. */
const LOG_ERF_SLOPE = Math.log(2 / Math.sqrt(Math.PI));

/**
 * The Gaussian error linear unit, exact: gelu(x) = x Phi(x), Phi the standard normal distribution function.
 *
 * Computed as A(x / sqrt 2) / sqrt 2 with A(s) = s (1 + erf s), so that value and slope
 * A'(s) = (1 + erf s) + s exp(log(2 / sqrt pi) - s^2) share their error function; in compiled programs
 * the products around them take the two factors along. Differentiable to any order. Source: Hendrycks and Gimpel 2016.
 * @param x any shape
 */
export function gelu<T extends Tensor>(x: T): T {
  const module = tf();
  const undifferentiated = isTracing(module) && module.engine().state.gradientDepth === 0;
  if (undifferentiated) return module.engine().runKernel<T>("Gelu", { x });
  return module.tidy(() => gated(module, settle(module, x.mul(Math.SQRT1_2))).mul<T>(Math.SQRT1_2));
}

/** Compiled programs put factors off; this one is read four times, and a layer's product takes it along at no cost. */
function settle(module: TensorFlow, s: Tensor): Tensor {
  return isTracing(module) ? module.engine().runKernel<Tensor>("Settle", { x: s }) : s;
}

/** A(s) = s (1 + erf s). */
function gated(module: TensorFlow, s: Tensor): Tensor {
  return module.customGrad((value, save) => {
    const s = value as Tensor;
    (save as (tensors: Tensor[]) => void)([s]);
    return {
      value: s.mul(s.erf().add(1)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [s] = saved;
        const bell = module.sub(LOG_ERF_SLOPE, s.square()).exp();
        return dy.mul(s.erf().add(1).add(s.mul(bell)));
      },
    };
  })(s);
}
