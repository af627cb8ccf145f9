import { createRequire } from "node:module";
import type * as ort from "onnxruntime-node";

/** The whole of ONNX Runtime's interface. */
export type OnnxRuntime = typeof ort;

let loaded: OnnxRuntime | undefined;

/**
 * ONNX Runtime, loaded at first use (about 25 ms).
 * @throws Error that says how to put it right where the native library does not load
 */
export function onnxRuntime(): OnnxRuntime {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(import.meta.url)("onnxruntime-node") as OnnxRuntime;
  } catch (cause) {
    const where = `${process.platform} ${process.arch}`;
    throw new Error(`onnxruntime-node does not load on ${where}; run "npm install" again`, { cause });
  }
  return loaded;
}

/** The version of ONNX Runtime. */
export function onnxRuntimeVersion(): string {
  return onnxRuntime().env.versions.node ?? "unknown";
}
