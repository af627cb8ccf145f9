import type { Level } from "./level-tables.js";
import { dictionary, functions, one } from "./moment-plan.js";

/**
 * Gram matrix at one time of the constant and all one-body functions, ordered 1, φ_1(x_1)..φ_n(x_1), φ_1(x_2)..: the same for all
 * components. Only entries on and below the diagonal are filled.
 */
export function baseBlock({ problem, moments, sites }: Level): Float64Array {
  const { dim, n, plan } = problem;
  const size = 1 + dim * n;
  const out = new Float64Array(size * size);
  out[0] = 1;
  for (let k = 0; k < dim; k++) {
    const means = plan.find(dictionary(k), one);
    for (let a = 0; a < n; a++) {
      const row = (1 + k * n + a) * size;
      out[row] = sites[k].decay[a] * moments[means.offset + (a + 1) * means.stride];
      for (let l = 0; l < k; l++) {
        const block = plan.find(dictionary(k), functions(l));
        const from = block.offset + (a + 1) * block.stride;
        for (let b = 0; b < n; b++) {
          out[row + 1 + l * n + b] = sites[k].decay[a] * sites[l].decay[b] * moments[from + b];
        }
      }
      const { products, size: terms } = sites[k];
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let m = 0; m < terms; m++) {
          sum += products[(a * n + b) * terms + m] * moments[means.offset + m * means.stride];
        }
        out[row + 1 + k * n + b] = sum;
      }
    }
  }
  return out;
}
