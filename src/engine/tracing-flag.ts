import type { TensorFlow } from "./tfjs.js";

/** Name of the tfjs backend that writes operations down instead of computing them. */
export const TRACING_BACKEND = "scorebook-tracing";

/** Whether a program is being traced now. */
export function isTracing(tf: TensorFlow): boolean {
  return tf.getBackend() === TRACING_BACKEND;
}
