export { compile } from "./compile.js";
export { divergence, type DivergenceOptions, type RowMap } from "./derivatives/divergence.js";
export { jvp } from "./derivatives/forward.js";
export { jacobian } from "./derivatives/jacobian.js";
export { laplacian, type LaplacianOptions } from "./derivatives/laplacian.js";
export { grad, valueAndGrad, vjp } from "./derivatives/reverse.js";
export {
  describeDevice,
  DeviceError,
  type DeviceAttempt,
  type DeviceName,
  type DeviceReport,
} from "./device.js";
export { gelu } from "./gelu.js";
export { scan, type ScanOptions } from "./scan/scan.js";
export { LoadedProgram, type ProgramArrays } from "./loaded-program.js";
export { programGraph, type ProgramNode } from "./program-graph.js";
export { medianSeconds } from "./median-seconds.js";
export type { Program, TensorSpec } from "./program.js";
export { runProgram, share, type RunOptions } from "./run.js";
export { tf, type TensorFlow } from "./tfjs.js";
export { CompileError } from "./trace/refusal.js";
export type {
  CompiledFunction,
  CompileOptions,
  Entries,
  Example,
  ExampleLeaf,
  InputArrays,
  OutputArrays,
} from "./types.js";
