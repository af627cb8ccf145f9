/** Learning a score from data. */
export * as spectral from "./spectral/index.js";
