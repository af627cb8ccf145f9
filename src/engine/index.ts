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
export { tf, type TensorFlow } from "./tfjs.js";
