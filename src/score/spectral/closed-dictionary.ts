import type { Dictionary, ScoreForm, SpectralBasis1d } from "./basis.js";

type Closed = Pick<
  SpectralBasis1d,
  "n" | "extended" | "eigenvalues" | "products" | "derivatives" | "evaluate"
>;

/** The dictionary of a basis whose products and derivatives are finite sums: ψ = φ, exact at every time. */
export function closedDictionary(basis: Closed, form: ScoreForm): Dictionary {
  const { n, extended, eigenvalues, products } = basis;
  const size = extended + 1;
  return {
    size,
    rates: eigenvalues,
    products,
    slopes: slopeTable(basis, n, form),
    evaluate: (x) => basis.evaluate(x),
  };
}

/** slopes[a][m] for m ≤ extended: the transposed derivative table in residual form, its negative in score form. */
export function slopeTable(
  { extended, derivatives }: Pick<SpectralBasis1d, "extended" | "derivatives">,
  n: number,
  form: ScoreForm,
): Float64Array {
  const size = extended + 1;
  const slopes = new Float64Array((n + 1) * size);
  for (let a = 0; a <= n; a++) {
    for (let m = 0; m < size; m++) {
      slopes[a * size + m] = form === "residual" ? derivatives[m * size + a] : -derivatives[a * size + m];
    }
  }
  return slopes;
}
