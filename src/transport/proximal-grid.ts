import { checkInteger, checkKeys, checkNumber, checkPositive } from "../core/checks.js";
import { checkField, pointWeight, type Axis } from "./grid.js";
import { heat } from "./heat.js";

/** Options of `proximalOnGrid`. */
export interface ProximalOptions {
  /** One axis a coordinate; fields are row-major, the last axis running fastest. */
  readonly axes: readonly Axis[];
  /** T, the horizon. */
  readonly horizon: number;
  /** Inverse temperature β; the viscosity is γ = 1/β. Default 1. */
  readonly beta?: number;
}

/** The proximal operator's solution at all times. */
export interface ProximalFlow {
  /** ρ_T = WProx(ρ_0) */
  readonly density: Float64Array;
  /** Z(y) = ∫ exp(-(β/2) [V(z) + |z - y|²/2T]) dz */
  readonly normaliser: Float64Array;
  /** U(x, t), the value function, for t from 0 to T. @throws ArgumentError where the grid does not resolve the kernel */
  valueAt(t: number): Float64Array;
  /** ρ(x, t), for t from 0 to T. @throws ArgumentError where the grid does not resolve the kernel */
  densityAt(t: number): Float64Array;
  /** K(x|y), the law at T of what started at grid point number `index`. @throws ArgumentError */
  conditional(index: number): Float64Array;
}

/**
 * The regularised Wasserstein proximal operator by its kernel formula, with trapezoidal sums on a grid:
 *
 *   ρ_T(x) = ∫ K(x|y) ρ_0(y) dy,  K(x|y) = exp(-(β/2) [V(x) + |x - y|²/2T]) / Z(y)
 *   U(x, t) = -2γ log(G_{γ,T-t} * exp(-V/2γ)),  ρ(x, t) = e^{-U(x,t)/2γ} · G_{γ,t} * (ρ_0 e^{U(.,0)/2γ})
 *
 * It minimises ∫_0^T ∫ ½ρ|v|² + ∫ V ρ_T subject to ρ_t + ∇·(ρ v) = γ Δρ, and solves -U_t + ½|∇U|² = γ ΔU with U(., T) = V and
 * ρ_t - ∇·(ρ ∇U) = γ Δρ. The grid must hold the mass; the sum over the grid is then exact to rounding for smooth fields
 * (W. Li, S. Liu and S. Osher, 2023).
 *
 * @param potential V at the grid points
 * @param initial ρ_0 at the grid points
 * @throws ArgumentError also where a grid step exceeds the kernel's standard deviation sqrt(2T/β)
 */
export function proximalOnGrid(
  potential: Float64Array,
  initial: Float64Array,
  options: ProximalOptions,
): ProximalFlow {
  checkKeys("options", options, ["axes", "horizon", "beta"]);
  const { axes, horizon, beta = 1 } = options;
  checkPositive("horizon", horizon);
  checkPositive("beta", beta);
  checkField("potential", potential, axes);
  checkField("initial", initial, axes);
  const gamma = 1 / beta;
  const lowest = potential.reduce((least, v) => Math.min(least, v), Infinity);
  const terminal = potential.map((v) => Math.exp((lowest - v) / (2 * gamma)));
  const forward = (field: Float64Array, t: number): Float64Array => heat(field, axes, 2 * gamma * t);
  const atStart = forward(terminal, horizon);
  const ratio = initial.map((rho, i) => (rho === 0 ? 0 : rho / atStart[i]));
  const potentialPart = (t: number): Float64Array =>
    t === horizon ? terminal : forward(terminal, horizon - checkNumber("t", t, { min: 0, max: horizon }));
  const densityAt = (t: number): Float64Array => {
    const eta = potentialPart(t);
    return t === 0 ? initial.slice() : forward(ratio, t).map((value, i) => value * eta[i]);
  };
  // (4πγT)^{d/2}: the heat kernel is normalised, the formula's Gaussian is not; exp(-V/2γ) was taken relative to min V
  const scale = (4 * Math.PI * gamma * horizon) ** (axes.length / 2) * Math.exp(-lowest / (2 * gamma));
  return {
    density: densityAt(horizon),
    normaliser: atStart.map((value) => value * scale),
    valueAt: (t) => potentialPart(t).map((value) => lowest - 2 * gamma * Math.log(value)),
    densityAt,
    conditional(index) {
      checkInteger("index", index, { min: 0, max: initial.length - 1 });
      const start = new Float64Array(initial.length);
      start[index] = 1 / (atStart[index] * pointWeight(axes, index));
      return forward(start, horizon).map((value, i) => value * terminal[i]);
    },
  };
}
