import type { BasisState, SpectralBasis1d } from "./basis.js";
import { fourier } from "./fourier.js";
import { hermite } from "./hermite.js";
import { restorePotentialBasis } from "./potential-state.js";

/** The basis that plain data describe. */
export function restoreBasis(state: BasisState): SpectralBasis1d {
  switch (state.kind) {
    case "hermite":
      return hermite(state.options);
    case "fourier":
      return fourier(state.options);
    case "potential":
      return restorePotentialBasis(state);
  }
}
