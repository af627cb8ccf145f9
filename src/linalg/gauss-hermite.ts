import { checkInteger } from "../core/checks.js";
import type { Quadrature } from "./recurrence.js";
import { tridiagonalEigen } from "./tridiagonal.js";

/**
 * Gauss–Hermite quadrature of the standard normal law: Σ w_q f(x_q) equals E f(Z) for polynomials of degree 2n - 1; Σ w_q = 1.
 *
 * Nodes are eigenvalues of the Jacobi matrix, improved by Newton's method; weights are 1 / Σ_{k<n} h_k(x_q)² with orthonormal
 * Hermite polynomials h_k, which keeps small weights accurate to rounding.
 *
 * @param n from 1 to 300 (the smallest weight at 300 is about 1e-260)
 * @throws ArgumentError for another n
 * Source: G. H. Golub, J. H. Welsch, "Calculation of Gauss quadrature rules", 1969.
 */
export function gaussHermite(n: number): Quadrature {
  checkInteger("n", n, { min: 1, max: 300 });
  const jacobi = Float64Array.from({ length: n - 1 }, (_, k) => Math.sqrt(k + 1));
  const { values } = tridiagonalEigen(new Float64Array(n), jacobi);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < Math.ceil(n / 2); i++) {
    const x = 2 * i + 1 === n ? 0 : hermiteRoot(n, values[i]);
    nodes[n - 1 - i] = -x;
    nodes[i] = x;
    weights[i] = weights[n - 1 - i] = 1 / hermite(n, x).squares;
  }
  return { nodes, weights };
}

function hermiteRoot(n: number, guess: number): number {
  let x = guess;
  for (let iteration = 0; iteration < 3; iteration++) {
    const { value, before } = hermite(n, x);
    x -= value / (Math.sqrt(n) * before); // h_n' = sqrt(n) h_{n-1}
  }
  return x;
}

/** h_n(x), h_{n-1}(x) and Σ_{k<n} h_k(x)² by sqrt(k + 1) h_{k+1} = x h_k - sqrt(k) h_{k-1}. */
function hermite(n: number, x: number): { value: number; before: number; squares: number } {
  let before = 0;
  let value = 1;
  let squares = 0;
  for (let k = 0; k < n; k++) {
    squares += value * value;
    const next = (x * value - Math.sqrt(k) * before) / Math.sqrt(k + 1);
    before = value;
    value = next;
  }
  return { value, before, squares };
}
