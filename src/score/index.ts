/** Learning a score from data. */
export * as spectral from "./spectral/index.js";
export * as wassersteinProximal from "./wasserstein-proximal/index.js";
export * as denoising from "./denoising/index.js";
export * as implicit from "./implicit/index.js";
export * from "./empirical/index.js";
export * as functionSpace from "./function-space/index.js";
