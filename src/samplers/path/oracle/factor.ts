import type { GibbsDensity } from "../../../sde/index.js";
import type { Tilt } from "./tilt.js";

/** The law of one coordinate: a Gaussian, or log densities at evenly spaced nodes. */
export type Factor = GaussianFactor | TabulatedFactor;

export interface GaussianFactor {
  readonly kind: "gaussian";
  readonly mean: number;
  readonly variance: number;
}

export interface TabulatedFactor {
  readonly kind: "tabulated";
  readonly low: number;
  readonly step: number;
  readonly logDensity: Float64Array;
}

/** Distance of the nodes. */
const STEP = 0.02;
const MOST_NODES = 8000;
/** From this precision on the posterior is narrower than 2.5 nodes and gets nodes of its own. */
const NARROW = 400;
/** Those nodes: evenly spaced from -12 to 12 standard deviations. */
const LOCAL = 65;
const REACH = 12;
/** What is below exp(-DEPTH) of the greatest term is left out. */
const DEPTH = 40;

export function gaussianFactor(mean: number, variance: number): GaussianFactor {
  return { kind: "gaussian", mean, variance };
}

/** Nodes over the density's own interval and a quarter more on both sides: paths leave it before they arrive. */
export function wellFactor(well: GibbsDensity): TabulatedFactor {
  const { low, high } = well;
  const pad = (high - low) / 4;
  const width = high - low + 2 * pad;
  const count = Math.min(MOST_NODES, Math.ceil(width / STEP)) + 1;
  const step = width / (count - 1);
  const values = Float64Array.from({ length: count }, (_, j) => well.logDensity(low - pad + j * step));
  return { kind: "tabulated", low: low - pad, step, logDensity: values };
}

/** Mean and variance of y | x for one coordinate by the trapezoidal rule, which converges geometrically here. */
export function posterior(factor: TabulatedFactor, tilt: Tilt, x: number): [mean: number, variance: number] {
  const field = tilt.slope * x;
  return tilt.precision > NARROW
    ? overLocalNodes(factor, tilt.precision, field)
    : overAllNodes(factor, tilt.precision, field);
}

function overAllNodes(
  { low, step, logDensity }: TabulatedFactor,
  precision: number,
  field: number,
): [number, number] {
  const exponent = (j: number): number => {
    const y = low + j * step;
    return logDensity[j] + y * (field - (precision * y) / 2);
  };
  let top = -Infinity;
  for (let j = 0; j < logDensity.length; j++) top = Math.max(top, exponent(j));
  const sums = new Sums();
  for (let j = 0; j < logDensity.length; j++) sums.add(low + j * step, exponent(j) - top);
  return sums.moments();
}

/** About the Gaussian's centre, moved by the slope of the log density there. */
function overLocalNodes(factor: TabulatedFactor, precision: number, field: number): [number, number] {
  const { step } = factor;
  const peak = field / precision;
  const slope = (cubic(factor, peak + step) - cubic(factor, peak - step)) / (2 * step);
  const centre = peak + slope / precision;
  const spread = REACH / Math.sqrt(precision);
  const exponents = new Float64Array(LOCAL);
  const at = (j: number): number => centre + spread * ((2 * j) / (LOCAL - 1) - 1);
  let top = -Infinity;
  for (let j = 0; j < LOCAL; j++) {
    exponents[j] = cubic(factor, at(j)) - (precision * (at(j) - peak) ** 2) / 2;
    top = Math.max(top, exponents[j]);
  }
  const sums = new Sums();
  for (let j = 0; j < LOCAL; j++) sums.add(at(j), exponents[j] - top);
  return sums.moments();
}

/** Running sums of weights exp(log) and their first two moments. */
class Sums {
  private mass = 0;
  private first = 0;
  private second = 0;

  add(y: number, log: number): void {
    if (log < -DEPTH) return;
    const weight = Math.exp(log);
    this.mass += weight;
    this.first += weight * y;
    this.second += weight * y * y;
  }

  moments(): [mean: number, variance: number] {
    const mean = this.first / this.mass;
    return [mean, Math.max(0, this.second / this.mass - mean * mean)];
  }
}

/** The log density at y by the cubic through the four nodes about it, which goes on beyond the ends. */
function cubic({ low, step, logDensity }: TabulatedFactor, y: number): number {
  const place = (y - low) / step;
  const i = Math.min(logDensity.length - 3, Math.max(1, Math.floor(place)));
  const t = place - i;
  const [a, b, c, d] = [logDensity[i - 1], logDensity[i], logDensity[i + 1], logDensity[i + 2]];
  const outer = (a * t * (t - 1) * (t - 2)) / -6 + (d * t * (t - 1) * (t + 1)) / 6;
  return outer + (b * (t + 1) * (t - 1) * (t - 2)) / 2 - (c * t * (t + 1) * (t - 2)) / 2;
}
