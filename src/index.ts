export * as onnx from "./onnx/index.js";
export * as random from "./random/index.js";
