import { tabulateConditionals } from "./conditional.js";
import type { ChainShape } from "./lattice.js";
import { lazily } from "./lazily.js";
import { passMessages } from "./messages.js";
import { pairMarginal, siteMarginal } from "./open-marginals.js";
import { pairExpectations } from "./open-moments.js";
import { sampleOpen } from "./open-sampler.js";
import type { ChainQuantities } from "./quantities.js";

/** Exact quantities of a chain whose ends are pinned or free. */
export function openChain(shape: ChainShape): ChainQuantities {
  const messages = lazily(() => passMessages(shape));
  const tables = lazily(() => tabulateConditionals(messages()));
  return {
    get logNormConst() {
      return messages().logNormConst;
    },
    pairExpectations: (f) => pairExpectations(messages(), f),
    marginal: (site) => siteMarginal(messages(), site),
    pairMarginal([i, j], xs, ys) {
      if (i < j) return pairMarginal(messages(), [i, j], xs, ys);
      return transpose(pairMarginal(messages(), [j, i], ys, xs), ys.length, xs.length);
    },
    sample: (key, n) => sampleOpen(shape, tables(), key, n),
  };
}

function transpose(a: Float64Array, rows: number, cols: number): Float64Array {
  return a.map((_, at) => a[(at % rows) * cols + Math.floor(at / rows)]);
}
