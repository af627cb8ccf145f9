export { GraphBuilder } from "./builder.js";
export { encodeModel, type EncodeOptions } from "./encode.js";
export { gemmOnPool } from "./gemm.js";
export { gemm64, type GemmForm } from "./gemm64.js";
export type { GemmTask } from "./gemm-task.js";
export * from "./graph.js";
export { outlineModel, type ModelOutline, type OutlineNode } from "./outline.js";
export { createPool, pool, threadCount, type PoolTask, type WorkerPool } from "./pool.js";
export { allocate, OnnxSession, type ArrayValue, type SessionOptions } from "./session.js";
