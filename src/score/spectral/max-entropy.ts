import { checkFinite, checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { choleskySmall, gaussLegendre, solveCholesky, type Quadrature } from "../../linalg/index.js";
import { polynomial, type Potential } from "../../targets/index.js";

export interface MaximumEntropyOptions {
  /** Origin of z = (x - center) / scale (default 0). */
  readonly center?: number;
  /** Unit of z (default 1); about the standard deviation keeps the problem well conditioned. */
  readonly scale?: number;
  /** The density lives on |z| ≤ radius (default 9). */
  readonly radius?: number;
}

export interface MaximumEntropy {
  /** ν_0..ν_q in p(z) = exp(-Σ_j ν_j z^j), a density of z: ν_0 holds the normaliser. */
  readonly coefficients: Float64Array;
  /** V(x) = Σ_j ν_j z^j - log scale, so that exp(-V) is the density of x. */
  readonly potential: Potential;
  /** Ends of the density's interval, in x. */
  readonly domain: readonly [low: number, high: number];
  /** Whether the leading coefficient was held at its least value, because the data have heavier tails. */
  readonly constrained: boolean;
}

const NODES = 800;
const MAX_ITERATIONS = 200;
/** Least leading coefficient: lets a normal law with sampling noise pass, and confines everything else. */
const LEAST_LEADING = 1e-3;
/** Depth of the potential at both ends of the interval: a mass of about exp(-40) is cut off. */
const WALL = 40;

/**
 * The density of greatest entropy with given moments, exp(-Σ_{j≤q} ν_j z^j): the dual problem
 *
 *   min over ν_1..ν_q of log ∫ exp(-Σ ν_j z^j) dz + Σ ν_j m_j
 *
 * by a damped Newton method (gradient m - E[z^j], Hessian the covariance of the monomials) and Gauss–Legendre quadrature.
 * ν_q is kept positive, so for tails heavier than any exp(-z^q) the last moment is met only as nearly as that allows.
 *
 * @param moments E[z], ..., E[z^q] with q even, from 2 to 12
 * @throws ArgumentError for moments that no density with more than a few points can have
 * Source: L. R. Mead, N. Papanicolaou, "Maximum entropy in the problem of moments", 1984.
 */
export function maximumEntropy(moments: Float64Array, options: MaximumEntropyOptions = {}): MaximumEntropy {
  checkKeys("options", options, ["center", "scale", "radius"]);
  const { center = 0, scale = 1, radius = 9 } = options;
  checkNumber("center", center);
  checkPositive("scale", scale);
  checkPositive("radius", radius);
  const target = checkMoments(moments);
  const dual = new Dual(target, gaussLegendre(NODES, -radius, radius));
  const { nu, constrained } = confinedMinimiser(dual, radius);
  const coefficients = Float64Array.of(dual.evaluate(nu).logMass, ...nu);
  return {
    coefficients,
    potential: inUnits(coefficients, center, scale),
    domain: [center - radius * scale, center + radius * scale],
    constrained,
  };
}

function checkMoments(moments: Float64Array): Float64Array {
  const order = moments.length;
  checkInteger("moments.length", order, { min: 2, max: 12 });
  if (order % 2 === 1) throw new ArgumentError("moments.length", order, "an even number of moments");
  checkFinite("moments", moments);
  const half = order / 2;
  const withUnit = [1, ...moments];
  const hankel = Float64Array.from({ length: (half + 1) ** 2 }, (_, at) => {
    return withUnit[Math.floor(at / (half + 1)) + (at % (half + 1))];
  });
  try {
    choleskySmall(hankel, half + 1);
  } catch {
    throw new ArgumentError(
      "moments",
      `[${moments.join(", ")}]`,
      "moments of a density (their Hankel matrix positive definite; discrete or constant data have none)",
    );
  }
  return moments;
}

/** Raise the least leading coefficient until the potential is a well within the interval. */
function confinedMinimiser(dual: Dual, radius: number): { nu: Float64Array; constrained: boolean } {
  for (let least = LEAST_LEADING; least < 1e6; least *= 2) {
    const found = minimiser(dual, least);
    if (isConfined(found.nu, radius)) return found;
  }
  throw new ArgumentError("radius", radius, "an interval wide enough for a density with these moments");
}

function minimiser(dual: Dual, least: number): { nu: Float64Array; constrained: boolean } {
  const order = dual.order;
  const start = dual.normalStart();
  start[order - 1] = Math.max(least, start[order - 1]);
  if (order === 2) return { nu: newton(dual, start, order), constrained: false };
  const held = newton(dual, start, order - 1);
  // dF/dν_q ≥ 0 at the bound: the bound is where the least value over ν_q ≥ least lies.
  if (dual.evaluate(held).gradient[order - 1] >= 0) return { nu: held, constrained: true };
  return { nu: newton(dual, held, order), constrained: false };
}

function isConfined(nu: Float64Array, radius: number): boolean {
  const energy = (z: number): number => nu.reduceRight((sum, c) => (sum + c) * z, 0);
  let lowest = Infinity;
  for (let i = 0; i <= 1000; i++) lowest = Math.min(lowest, energy(radius * (i / 500 - 1)));
  return Math.min(energy(radius), energy(-radius)) - lowest >= WALL;
}

/** Damped Newton iteration on the first `free` coefficients. */
function newton(dual: Dual, start: Float64Array, free: number): Float64Array {
  let nu = start;
  let now = dual.evaluate(nu);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const gradient = now.gradient.slice(0, free);
    const step = solveCholesky(choleskySmall(dual.hessian(nu, free), free), free, gradient);
    const decrement = step.reduce((sum, s, j) => sum + s * gradient[j], 0);
    if (decrement < 1e-26) return nu;
    let accepted = false;
    for (let size = 1; size > 1e-10 && !accepted; size /= 2) {
      const trial = nu.map((value, j) => (j < free ? value - size * step[j] : value));
      const next = dual.evaluate(trial);
      // Differences of the objective drown in rounding near the minimum: there the full step is taken on trust.
      if (next.value <= now.value - 0.25 * size * decrement || (decrement < 1e-13 && size === 1)) {
        [nu, now, accepted] = [trial, next, true];
      }
    }
    if (!accepted) return nu;
  }
  return nu;
}

interface DualValue {
  readonly value: number;
  readonly gradient: Float64Array;
  /** log ∫ exp(-Σ ν_j z^j) dz */
  readonly logMass: number;
}

/** The dual objective and its derivatives by quadrature. */
class Dual {
  readonly order: number;
  private readonly moments: Float64Array;
  private readonly rule: Quadrature;

  constructor(moments: Float64Array, rule: Quadrature) {
    this.order = moments.length;
    this.moments = moments;
    this.rule = rule;
  }

  /** Coefficients of the normal law with the first two moments. */
  normalStart(): Float64Array {
    const [mean, square] = this.moments;
    const variance = square - mean * mean;
    const nu = new Float64Array(this.order);
    nu[0] = -mean / variance;
    nu[1] = 1 / (2 * variance);
    return nu;
  }

  evaluate(nu: Float64Array): DualValue {
    const { logMass, sums } = this.expectations(nu, this.order);
    const gradient = this.moments.map((m, j) => m - sums[j + 1]);
    return { value: logMass + nu.reduce((sum, c, j) => sum + c * this.moments[j], 0), gradient, logMass };
  }

  /** Covariances of z, ..., z^free. */
  hessian(nu: Float64Array, free: number): Float64Array {
    const { sums } = this.expectations(nu, 2 * free);
    return Float64Array.from({ length: free * free }, (_, at) => {
      const [i, j] = [Math.floor(at / free) + 1, (at % free) + 1];
      return sums[i + j] - sums[i] * sums[j];
    });
  }

  /** E[z^0], ..., E[z^highest] under exp(-Σ ν_j z^j), and the log of its mass. */
  private expectations(nu: Float64Array, highest: number): { logMass: number; sums: Float64Array } {
    const { nodes, weights } = this.rule;
    const energies = nodes.map((z) => nu.reduceRight((sum, c) => (sum + c) * z, 0));
    const lowest = energies.reduce((least, e) => Math.min(least, e), Infinity);
    const sums = new Float64Array(highest + 1);
    for (let q = 0; q < nodes.length; q++) {
      let term = weights[q] * Math.exp(lowest - energies[q]);
      for (let j = 0; j <= highest; j++) {
        sums[j] += term;
        term *= nodes[q];
      }
    }
    return { logMass: Math.log(sums[0]) - lowest, sums: sums.map((s) => s / sums[0]) };
  }
}

function inUnits(coefficients: Float64Array, center: number, scale: number): Potential {
  const shifted = coefficients.slice();
  shifted[0] += Math.log(scale);
  const inner = polynomial(shifted);
  if (center === 0 && scale === 1) return inner;
  return {
    value: (x) => inner.value((x - center) / scale),
    derivative: (x) => inner.derivative((x - center) / scale) / scale,
    text: `${inner.text} at (x - ${center}) / ${scale}`,
  };
}
