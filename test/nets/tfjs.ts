import { createRequire } from "node:module";
import type * as tfjs from "@tensorflow/tfjs";

/** tfjs on its plain JavaScript backend, whose float32 sums are the reference of tests. */
export async function cpuTfjs(): Promise<typeof tfjs> {
  const tf = createRequire(import.meta.url)("@tensorflow/tfjs") as typeof tfjs;
  await tf.setBackend("cpu");
  return tf;
}
