import { ArgumentError } from "../core/errors.js";
import { checkFinite } from "../core/checks.js";

const MAX_SWEEPS = 60;

/** Eigenvalues of a symmetric tridiagonal matrix, ascending, and the first entry of each unit eigenvector. */
export interface TridiagonalEigen {
  readonly values: Float64Array;
  readonly first: Float64Array;
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicitly shifted QL iteration.
 *
 * @param diagonal n entries
 * @param offDiagonal n - 1 entries
 * @throws ArgumentError for lengths that do not fit or entries that are not finite
 * Source: H. Bowdler, R. S. Martin, C. Reinsch, J. H. Wilkinson, "The QR and QL algorithms for symmetric matrices", 1968.
 */
export function tridiagonalEigen(diagonal: Float64Array, offDiagonal: Float64Array): TridiagonalEigen {
  const n = diagonal.length;
  if (n === 0) throw new ArgumentError("diagonal", diagonal, "at least one entry");
  if (offDiagonal.length !== n - 1) {
    throw new ArgumentError("offDiagonal", offDiagonal, `a Float64Array of length ${n - 1}`);
  }
  const d = checkFinite("diagonal", diagonal).slice();
  const e = new Float64Array(n);
  e.set(checkFinite("offDiagonal", offDiagonal));
  const z = new Float64Array(n);
  z[0] = 1;
  for (let l = 0; l < n; l++) deflate(d, e, z, l);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => d[i] - d[j]);
  return { values: Float64Array.from(order, (i) => d[i]), first: Float64Array.from(order, (i) => z[i]) };
}

/** Rotate until d[l] is an eigenvalue. */
function deflate(d: Float64Array, e: Float64Array, z: Float64Array, l: number): void {
  for (let sweep = 0; ; sweep++) {
    const m = firstSplit(d, e, l);
    if (m === l) return;
    if (sweep === MAX_SWEEPS) throw new Error(`eigenvalue ${l} not found in ${MAX_SWEEPS} sweeps`);
    sweepUp(d, e, z, l, m);
  }
}

/** The first row from l on whose off-diagonal entry is negligible. */
function firstSplit(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  while (m < d.length - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
  return m;
}

function sweepUp(d: Float64Array, e: Float64Array, z: Float64Array, l: number, m: number): void {
  // Wilkinson's shift
  let g = (d[l + 1] - d[l]) / (2 * e[l]);
  let r = Math.hypot(g, 1);
  g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // the matrix has split in two: start again from there
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    r = (d[i] - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    const upper = z[i + 1];
    z[i + 1] = s * z[i] + c * upper;
    z[i] = c * z[i] - s * upper;
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}
