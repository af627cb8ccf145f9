/** Dense linear algebra, quadrature and interpolation in float64; matrices are row-major Float64Arrays. */
export { NotPositiveDefiniteError } from "./errors.js";
export { matmul, type MatmulOptions } from "./matmul.js";
export { gram } from "./gram.js";
export { cholesky } from "./cholesky.js";
export { choleskyInPlace, choleskySmall, type CholeskyOptions } from "./cholesky-small.js";
export { solveCholesky, solveTriangular, type SolveOptions, type TriangularOptions } from "./solve.js";
export { transpose } from "./transpose.js";
export { symmetricEigen, type SymmetricEigen } from "./symmetric-eigen.js";
export { tridiagonalEigen, type TridiagonalEigen } from "./tridiagonal.js";
export {
  gaussFromRecurrence,
  orthonormal,
  stieltjes,
  type PolynomialTable,
  type Quadrature,
  type Recurrence,
} from "./recurrence.js";
export { gaussLegendre } from "./gauss-legendre.js";
export { gaussHermite } from "./gauss-hermite.js";
export { interpolate, type InterpolateOptions, type Interpolant } from "./interpolate.js";
export { checkGridSize } from "./fft-plan.js";
export { irfft, rfft } from "./real-fft.js";
export { irfft2, rfft2 } from "./real-fft-2d.js";
export { dct, idct } from "./dct.js";
export { frequencies, fromModes, toModes, waveNumbers, type Basis, type GridOptions } from "./modes.js";
export { leadingModes } from "./leading-modes.js";
export { resample, resizeModes } from "./resample.js";
export { transformBatch, type TransformBatchOptions } from "./transform-batch.js";
export type { Transform } from "./transform-task.js";
