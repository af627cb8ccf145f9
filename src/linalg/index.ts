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
