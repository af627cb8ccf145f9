export * as notebook from "./notebook/index.js";
export * as onnx from "./onnx/index.js";
export * as plots from "./plots/index.js";
export * as random from "./random/index.js";
export * as engine from "./engine/index.js";
export * as linalg from "./linalg/index.js";
export * as nets from "./nets/index.js";
