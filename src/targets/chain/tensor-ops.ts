import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../../engine/index.js";
import type { TensorOps } from "../target.js";
import type { ChainShape } from "./lattice.js";

/** A bond between a site and another, or between a site and the pinned 0 (undefined). */
export type Bond = readonly [site: number, other: number | undefined];

/**
 * The chain in tensor operations: differences along the bonds are x D with the incidence matrix D [dim, bonds], so that
 *
 *   log ρ = -J/2 |x D|² - B Σ_i (1 - x_i²)²,  score = -J x D Dᵀ + 4 B x (1 - x²)
 */
export function chainOps({ dim, coupling, barrier }: ChainShape, bonds: readonly Bond[]): TensorOps {
  const incidence = new Float32Array(dim * bonds.length);
  bonds.forEach(([site, other], b) => {
    incidence[site * bonds.length + b] += 1;
    if (other !== undefined) incidence[other * bonds.length + b] -= 1;
  });
  const matrix = () => tf().tensor2d(incidence, [dim, bonds.length]);
  return {
    logDensity(x: Tensor): Tensor {
      const sites = x.square().sub(1).square().sum(1).mul(-barrier);
      if (bonds.length === 0) return sites;
      return sites.add(
        x
          .matMul(matrix())
          .square()
          .sum(1)
          .mul(-coupling / 2),
      );
    },
    score(x: Tensor): Tensor {
      const pull = x
        .square()
        .mul(-1)
        .add(1)
        .mul(x)
        .mul(4 * barrier);
      if (bonds.length === 0) return pull;
      const along = matrix();
      return pull.add(x.matMul(along).matMul(along, false, true).mul(-coupling));
    },
  };
}
