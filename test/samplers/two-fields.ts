import { targets, type score } from "../../src/index.js";

const { fields } = targets;

/** The covariance of both components, and that of the noise. */
export const component = fields.periodicCovariance({ dim: 1, alpha: 2, tau: 3 });
export const noise = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 });

/** Two components about cos x and -cos x. */
export const mixture = (size: number) =>
  fields.fieldMixture(
    [1, -1].map((sign) => ({ mean: (x: number) => sign * Math.cos(x), covariance: component })),
    size,
  );

/** Second moments of the mixture, mode by mode. */
export const spectrum: score.functionSpace.ModeSpectrum = {
  at: (size) => ({ mean: new Float64Array(size), variances: mixture(size).modeEnergy }),
};

/** The mixture's residual on a grid. */
export const exact =
  (size: number): score.functionSpace.Residual =>
  (sigma, w) =>
    mixture(size).residual(w, sigma, noise);
