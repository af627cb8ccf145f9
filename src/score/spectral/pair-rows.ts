import type { SitePair } from "./clusters.js";
import type { Level } from "./level-tables.js";
import { dictionary, functions, pairOf } from "./moment-plan.js";

/**
 * Gram entries at one time of the functions φ_a(x_k) φ_b(x_l) of a pair (rows, a before b) with the constant and all one-body
 * functions (columns), written to `out` from `offset` on.
 */
export function writePairRows(level: Level, pair: SitePair, out: Float64Array, offset: number): void {
  const { dim, n } = level.problem;
  const width = 1 + dim * n;
  writeConstantColumn(level, pair, out, offset, width);
  for (let site = 0; site < dim; site++) {
    const at = offset + 1 + site * n;
    if (site === pair[0]) writeSharedColumns(level, pair[0], pair[1], true, out, at, width);
    else if (site === pair[1]) writeSharedColumns(level, pair[1], pair[0], false, out, at, width);
    else writeOtherColumns(level, pair, site, out, at, width);
  }
}

function writeConstantColumn(
  { problem, moments, sites }: Level,
  [k, l]: SitePair,
  out: Float64Array,
  offset: number,
  width: number,
): void {
  const { n, plan } = problem;
  const block = plan.find(dictionary(k), functions(l));
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const moment = moments[block.offset + (a + 1) * block.stride + b];
      out[offset + (a * n + b) * width] = sites[k].decay[a] * sites[l].decay[b] * moment;
    }
  }
}

/** Columns φ_c(x_s) for a site s of the pair: Σ_m E[φ_a φ_c|ψ_m(x_s)] E[ψ_m(x_s) φ_b(x_o)] e^{λ_b t}. */
function writeSharedColumns(
  { problem, moments, sites }: Level,
  shared: number,
  other: number,
  sharedFirst: boolean,
  out: Float64Array,
  at: number,
  width: number,
): void {
  const { n, plan } = problem;
  const { products, size } = sites[shared];
  const block = plan.find(dictionary(shared), functions(other));
  for (let a = 0; a < n; a++) {
    for (let c = 0; c < n; c++) {
      for (let b = 0; b < n; b++) {
        let sum = 0;
        for (let m = 0; m < size; m++) {
          sum += products[(a * n + c) * size + m] * moments[block.offset + m * block.stride + b];
        }
        const row = sharedFirst ? a * n + b : b * n + a;
        out[at + row * width + c] = sum * sites[other].decay[b];
      }
    }
  }
}

function writeOtherColumns(
  { problem, moments, sites }: Level,
  [k, l]: SitePair,
  site: number,
  out: Float64Array,
  at: number,
  width: number,
): void {
  const { n, plan } = problem;
  const block = plan.find(functions(site), pairOf(k, l));
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const decay = sites[k].decay[a] * sites[l].decay[b];
      const row = at + (a * n + b) * width;
      for (let c = 0; c < n; c++) {
        out[row + c] = decay * sites[site].decay[c] * moments[block.offset + c * block.stride + a * n + b];
      }
    }
  }
}
