import { checkInteger, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Quadrature } from "./recurrence.js";

/**
 * Gauss–Legendre quadrature on [from, to]: Σ w_q f(x_q) equals ∫ f dx for polynomials of degree 2n - 1.
 *
 * Nodes by Newton's method on P_n from x ≈ cos(π (i - 1/4) / (n + 1/2)); w = 2 / ((1 - x²) P_n'(x)²).
 *
 * @throws ArgumentError unless n ≥ 1 and from < to, both finite
 */
export function gaussLegendre(n: number, from: number = -1, to: number = 1): Quadrature {
  checkInteger("n", n, { min: 1, max: 100_000 });
  checkNumber("from", from);
  checkNumber("to", to);
  if (from >= to) throw new ArgumentError("to", to, `more than from = ${from}`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const centre = from + (to - from) / 2;
  const half = (to - from) / 2;
  for (let i = 0; i < Math.ceil(n / 2); i++) {
    const x = 2 * i + 1 === n ? 0 : legendreRoot(n, Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)));
    const { derivative } = legendre(n, x);
    const weight = (2 * half) / ((1 - x) * (1 + x) * derivative * derivative);
    nodes[i] = centre - half * x;
    nodes[n - 1 - i] = centre + half * x;
    weights[i] = weights[n - 1 - i] = weight;
  }
  return { nodes, weights };
}

function legendreRoot(n: number, guess: number): number {
  let x = guess;
  for (let iteration = 0; iteration < 20; iteration++) {
    const { value, derivative } = legendre(n, x);
    const step = value / derivative;
    x -= step;
    if (Math.abs(step) < 1e-15) break;
  }
  return x;
}

/** P_n(x) and its derivative by the recurrence k P_k = (2k - 1) x P_{k-1} - (k - 1) P_{k-2}. */
function legendre(n: number, x: number): { value: number; derivative: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= n; k++) {
    const next = x * value + ((k - 1) / k) * (x * value - before);
    before = value;
    value = next;
  }
  return { value, derivative: (n * (before - x * value)) / ((1 - x) * (1 + x)) };
}
