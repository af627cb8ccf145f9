export * as onnx from "./onnx/index.js";
