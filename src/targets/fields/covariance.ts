import { checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { checkGridSize, frequencies, type Basis } from "../../linalg/index.js";

/** A covariance operator on [0, length]^dim that a product basis of waves makes diagonal. */
export interface FieldCovariance {
  readonly basis: Basis;
  readonly dim: 1 | 2;
  readonly length: number;
  /** Whether the eigenvalues have a finite sum, so that draws are fields of finite energy on every grid. */
  readonly traceClass: boolean;
  /** Eigenvalues of the modes of a grid (`linalg.toModes` order): size^dim numbers, zero for what the operator leaves out. */
  eigenvalues(size: number): Float64Array;
}

/** Options of `periodicCovariance`. */
export interface PeriodicCovarianceOptions {
  readonly dim: 1 | 2;
  /** Side of the torus; default 2π. */
  readonly length?: number;
  /** α, half the order of smoothing. */
  readonly alpha: number;
  /** τ, the inverse length beyond which nothing is correlated; 0 allowed. */
  readonly tau: number;
  /** s; default τ^{α - dim/2}, 1 for τ = 0. */
  readonly scale?: number;
}

/**
 * C = s² (-Δ + τ²)^{-α} on the torus without its mean: eigenvalues s² (|2πk/L|² + τ²)^{-α}, k ≠ 0, Nyquist modes zero.
 *
 * Trace class where 2α > dim; the field's variance is (s²/L^dim) Σ_{k ≠ 0} (|2πk/L|² + τ²)^{-α}.
 * @throws ArgumentError
 */
export function periodicCovariance(options: PeriodicCovarianceOptions): FieldCovariance {
  checkKeys("options", options, ["dim", "length", "alpha", "tau", "scale"]);
  const { length = 2 * Math.PI, alpha, tau } = options;
  const dim = checkDim(options.dim);
  checkPositive("length", length);
  checkNumber("alpha", alpha, { min: 0 });
  checkNumber("tau", tau, { min: 0 });
  const scale = checkPositive("scale", options.scale ?? (tau === 0 ? 1 : tau ** (alpha - dim / 2)));
  const unit = (2 * Math.PI) / length;
  const value = (k: readonly number[], nyquist: number): number => {
    const square = k.reduce((sum, each) => sum + (unit * each) ** 2, 0);
    return square === 0 || k.includes(nyquist) ? 0 : scale ** 2 * (square + tau ** 2) ** -alpha;
  };
  return diagonal({ basis: "fourier", dim, length, traceClass: 2 * alpha > dim }, value);
}

/** Options of `neumannCovariance`. */
export interface NeumannCovarianceOptions {
  readonly dim: 1 | 2;
  readonly alpha: number;
  readonly tau: number;
}

/**
 * Cosine modes of the unit cube with standard deviations τ^{α-1} (π²|k|² + τ²)^{-α/2}, k ≠ 0: the sampler of the authors' volcano
 * runs. @throws ArgumentError
 */
export function neumannCovariance(options: NeumannCovarianceOptions): FieldCovariance {
  checkKeys("options", options, ["dim", "alpha", "tau"]);
  const { alpha, tau } = options;
  const dim = checkDim(options.dim);
  checkNumber("alpha", alpha, { min: 0 });
  checkPositive("tau", tau);
  const value = (k: readonly number[]): number => {
    const square = Math.PI ** 2 * k.reduce((sum, each) => sum + each * each, 0);
    return square === 0 ? 0 : tau ** (2 * alpha - 2) * (square + tau ** 2) ** -alpha;
  };
  return diagonal({ basis: "cosine", dim, length: 1, traceClass: 2 * alpha > dim }, value);
}

/** Options of `gaussianKernelCovariance`. */
export interface GaussianKernelOptions {
  readonly dim: 1 | 2;
  /** l of the kernel exp(-(d/l)²) on the unit cube. */
  readonly correlation: number;
}

/**
 * The Gaussian kernel exp(-(d/l)²) by its spectrum on cosine modes, Π_axes sqrt(π) l exp(-(πkl)²/4), over its trace: fields of mean
 * variance one. Near the walls the variance is larger, by up to 2^dim. @throws ArgumentError
 */
export function gaussianKernelCovariance(options: GaussianKernelOptions): FieldCovariance {
  checkKeys("options", options, ["dim", "correlation"]);
  const dim = checkDim(options.dim);
  const l = checkPositive("correlation", options.correlation);
  const raw = (k: number): number => Math.exp(-((Math.PI * k * l) ** 2) / 4);
  let trace = 0;
  for (let k = 0; raw(k) > 1e-18; k++) trace += raw(k);
  const value = (k: readonly number[]): number =>
    k.reduce((product, each) => (product * raw(each)) / trace, 1);
  return diagonal({ basis: "cosine", dim, length: 1, traceClass: true }, value);
}

/** Options of `whiteCovariance`. */
export interface WhiteCovarianceOptions {
  readonly basis?: Basis;
  readonly dim: 1 | 2;
  readonly length?: number;
}

/**
 * Independent N(0, 1) numbers at the grid points: eigenvalues (length/size)^dim, another operator on every grid, and none in the
 * limit. The control that shows what trace class is for. @throws ArgumentError
 */
export function whiteCovariance(options: WhiteCovarianceOptions): FieldCovariance {
  checkKeys("options", options, ["basis", "dim", "length"]);
  const { basis = "fourier", length = 2 * Math.PI } = options;
  const dim = checkDim(options.dim);
  checkPositive("length", length);
  return {
    basis,
    dim,
    length,
    traceClass: false,
    eigenvalues: (size) => new Float64Array(checkGridSize("size", size) ** dim).fill((length / size) ** dim),
  };
}

/** Tr C on a grid: the mean of the energy ‖u‖² of a draw. @throws ArgumentError */
export function traceOf(covariance: FieldCovariance, size: number): number {
  return covariance.eigenvalues(size).reduce((sum, value) => sum + value, 0);
}

/** An operator whose trace grows without bound where a finite one is needed. */
export class NotTraceClassError extends ArgumentError {
  constructor(argument: string, covariance: FieldCovariance) {
    const sizes = covariance.dim === 1 ? [64, 256, 1024] : [32, 64, 128];
    const growth = sizes.map((size) => `${describeTrace(covariance, size)} at ${size} points`).join(", ");
    super(argument, covariance, `an operator of trace class; this one's eigenvalues add up to ${growth}`);
    Object.defineProperty(this, "name", { value: "NotTraceClassError" });
  }
}

function describeTrace(covariance: FieldCovariance, size: number): string {
  // per grid cell where the operator itself shrinks with the grid, as white noise does
  const trace = traceOf(covariance, size);
  const white = covariance.eigenvalues(size).every((value, _, all) => value === all[0]);
  return (white ? trace / covariance.eigenvalues(size)[0] : trace).toPrecision(4);
}

/** @throws NotTraceClassError with the growth of the sum */
export function checkTraceClass(argument: string, covariance: FieldCovariance): FieldCovariance {
  if (!covariance.traceClass) throw new NotTraceClassError(argument, covariance);
  return covariance;
}

function diagonal(
  operator: Omit<FieldCovariance, "eigenvalues">,
  value: (k: readonly number[], nyquist: number) => number,
): FieldCovariance {
  const known = new Map<number, Float64Array>();
  return {
    ...operator,
    eigenvalues(size) {
      const found = known.get(size);
      if (found !== undefined) return found.slice();
      const k = frequencies(operator.basis, checkGridSize("size", size));
      const nyquist = operator.basis === "fourier" ? size / 2 : NaN;
      const made = Float64Array.from({ length: size ** operator.dim }, (_, i) =>
        operator.dim === 1 ? value([k[i]], nyquist) : value([k[Math.floor(i / size)], k[i % size]], nyquist),
      );
      known.set(size, made);
      return made.slice();
    },
  };
}

function checkDim(dim: 1 | 2): 1 | 2 {
  return checkInteger("dim", dim, { min: 1, max: 2 }) as 1 | 2;
}
