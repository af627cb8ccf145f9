import { density1d } from "../../sde/index.js";
import { chainRadius, type ChainShape } from "./lattice.js";
import { lazily } from "./lazily.js";
import type { ChainQuantities } from "./quantities.js";
import { sumRing } from "./ring.js";
import { sampleRing } from "./ring-sampler.js";

/** Exact quantities of a periodic chain. */
export function ringChain(shape: ChainShape): ChainQuantities {
  const { dim } = shape;
  const ring = lazily(() => sumRing(shape));
  const marginal = lazily(() => density1d((x) => ring().density(x), -chainRadius(shape), chainRadius(shape)));
  return {
    get logNormConst() {
      return ring().logNormConst;
    },
    pairExpectations(f) {
      const byDistance = ring().correlations(f);
      return Float64Array.from({ length: dim * dim }, (_, at) => {
        const distance = Math.abs(Math.floor(at / dim) - (at % dim));
        return byDistance[distance];
      });
    },
    marginal: () => marginal(),
    pairMarginal: ([i, j], xs, ys) => ring().pairDensity(Math.abs(i - j), xs, ys),
    sample: (key, n) => sampleRing(ring(), marginal(), key, n),
  };
}
