import { foldIn, uniform, type Key } from "../../random/index.js";
import { conditionalSampler, type ConditionalTables } from "./conditional.js";
import type { ChainShape } from "./lattice.js";

/**
 * Independent draws of an open chain, site after site, each from its exact conditional law given the one before.
 *
 * Draw s of site i depends on the key, i and s alone.
 */
export function sampleOpen(
  { dim, coupling, boundary }: ChainShape,
  tables: ConditionalTables,
  key: Key,
  n: number,
): Float64Array {
  const out = new Float64Array(n * dim);
  const draw = conditionalSampler(tables);
  for (let i = 0; i < dim; i++) {
    const u = uniform(foldIn(key, i), n);
    const bond = i === 0 && boundary === "free" ? 0 : coupling;
    for (let s = 0; s < n; s++) {
      const before = i === 0 ? 0 : out[s * dim + i - 1];
      out[s * dim + i] = draw(i, bond, before, u[s]);
    }
  }
  return out;
}
