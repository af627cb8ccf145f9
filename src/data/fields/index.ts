export { gaussianFields, type Fields, type GaussianFieldsOptions } from "./draws.js";
export { exponentialFields, exponentialKernel, type ExponentialKernelOptions } from "./exponential.js";
