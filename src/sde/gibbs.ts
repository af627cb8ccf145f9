import { checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { density1d, type Density1d } from "./density-1d.js";
import type { Potential } from "./potential.js";

/** The Gibbs law of a potential, p(x) = exp(-β V(x)) / Z. */
export interface GibbsDensity extends Density1d {
  /** log Z = log ∫ exp(-β V(x)) dx */
  readonly logNormConst: number;
}

/** Depth below the greatest log density at which the line is cut: the mass beyond is of the order exp(-50). */
const DEPTH = 50;
const SCAN = 2048;
const LARGEST = 2 ** 40;

/**
 * The Gibbs law exp(-β V)/Z of a confining potential on the line: normaliser, moments, distribution function and exact
 * draws by quadrature.
 *
 * The box is where β (V - min V) is below 50; wells narrower than 1/1000 of their distance from 0 may be missed.
 *
 * @param beta inverse temperature, positive
 * @throws ArgumentError for a potential that does not confine (exp(-β V) not integrable) or is NaN somewhere
 */
export function gibbsDensity(potential: Potential, { beta = 1 }: { beta?: number } = {}): GibbsDensity {
  checkPositive("beta", beta);
  const energy = (x: number): number => {
    const value = beta * potential.value(x);
    if (Number.isNaN(value)) throw new ArgumentError(`potential(${x})`, value, "a number at every x");
    return value;
  };
  const { low, high, lowest } = findBox(energy, potential.text);
  const density = density1d((x) => Math.exp(lowest - energy(x)), low, high);
  const logNormConst = Math.log(density.mass) - lowest;
  return { ...density, logNormConst, logDensity: (x) => -energy(x) - logNormConst };
}

interface Box {
  readonly low: number;
  readonly high: number;
  readonly lowest: number;
}

function findBox(energy: (x: number) => number, text: string): Box {
  for (let radius = 1; radius <= LARGEST; radius *= 2) {
    const [x, lowest] = minimise(energy, radius);
    const threshold = lowest + DEPTH;
    if (rises(energy, -radius, threshold) && rises(energy, radius, threshold)) {
      return { low: edge(energy, -radius, x, threshold), high: edge(energy, radius, x, threshold), lowest };
    }
  }
  throw new ArgumentError(
    "potential",
    text,
    "a potential that confines: exp(-beta V) integrable on the line",
  );
}

/** Whether the energy at x is above the threshold and grows outwards. */
function rises(energy: (x: number) => number, x: number, threshold: number): boolean {
  const end = energy(x);
  return end >= threshold && end > energy(x / 2) && end > energy(0.9 * x);
}

/** Least energy on [-radius, radius]: a scan, then golden sections about its best point. */
function minimise(energy: (x: number) => number, radius: number): [x: number, value: number] {
  const step = (2 * radius) / SCAN;
  let best = -radius;
  let value = energy(best);
  for (let i = 1; i <= SCAN; i++) {
    const x = -radius + i * step;
    const candidate = energy(x);
    if (candidate < value) [best, value] = [x, candidate];
  }
  let [low, high] = [best - step, best + step];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 60; i++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (energy(left) < energy(right)) high = right;
    else low = left;
  }
  const middle = (low + high) / 2;
  return energy(middle) < value ? [middle, energy(middle)] : [best, value];
}

/** The outermost crossing of the threshold between the end of the scan and the minimiser. */
function edge(energy: (x: number) => number, end: number, minimiser: number, threshold: number): number {
  const step = (minimiser - end) / SCAN;
  let outside = end;
  while (energy(outside + step) >= threshold && Math.abs(outside + step - minimiser) > Math.abs(step)) {
    outside += step;
  }
  let inside = outside + step;
  if (energy(inside) >= threshold) inside = minimiser;
  for (let i = 0; i < 60; i++) {
    const middle = (outside + inside) / 2;
    if (energy(middle) >= threshold) outside = middle;
    else inside = middle;
  }
  return outside;
}
