import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../core/checks.js";
import { foldIn, type Key } from "../random/index.js";
import { eulerMaruyama } from "./euler-maruyama.js";
import { gibbsDensity, type GibbsDensity } from "./gibbs.js";
import { integrate } from "./integrate.js";
import { listPotentials, type Potential } from "./potential.js";
import type { Process } from "./process.js";
import { forwardSde } from "./system.js";

/** Options of `overdampedLangevin`. */
export interface OverdampedLangevinOptions {
  /** A potential for each coordinate, or one that all `dim` coordinates share. */
  readonly potentials: Potential | readonly Potential[];
  /** Number of coordinates where one potential is given; 1 by default. */
  readonly dim?: number;
  /** Inverse temperature β, 1 by default. */
  readonly beta?: number;
}

/** Overdamped Langevin dynamics in a separable potential. */
export interface OverdampedLangevin extends Process {
  readonly potentials: readonly Potential[];
  /** The stationary law of each coordinate. */
  readonly stationary: readonly GibbsDensity[];
}

/**
 * Overdamped Langevin dynamics in V(x) = Σ_i V_i(x_i): dX_i = -V_i'(X_i) dt + sqrt(2/β) dW_i, stationary law Π_i exp(-β V_i)/Z_i.
 *
 * There is no closed transition: `simulate` takes Euler–Maruyama steps of at most `stepSize` (0.01 by default), which has to be
 * well below 1/V'' where the points are.
 *
 * @throws ArgumentError for no potential, one that does not confine, or a β that is not positive
 */
export function overdampedLangevin(options: OverdampedLangevinOptions): OverdampedLangevin {
  checkKeys("options", options, ["potentials", "dim", "beta"]);
  const { beta = 1 } = options;
  checkPositive("beta", beta);
  const potentials = listPotentials(options.potentials, options.dim);
  const dim = potentials.length;
  const laws = new Map<Potential, GibbsDensity>();
  for (const potential of new Set(potentials)) laws.set(potential, gibbsDensity(potential, { beta }));
  const stationary = potentials.map((potential) => laws.get(potential) as GibbsDensity);
  const process: OverdampedLangevin = {
    dim,
    beta,
    diffusion: Math.sqrt(2 / beta),
    potentials,
    stationary,
    drift(x, out = new Float64Array(x.length)) {
      for (let i = 0; i < dim; i++) {
        const potential = potentials[i];
        for (let at = i; at < x.length; at += dim) out[at] = -potential.derivative(x[at]);
      }
      return out;
    },
    logStationary(x) {
      const out = new Float64Array(checkPoints("x", x, dim));
      for (let at = 0; at < x.length; at++) {
        out[Math.floor(at / dim)] += stationary[at % dim].logDensity(x[at]);
      }
      return out;
    },
    stationarySample(key, n) {
      checkInteger("n", n, { min: 1 });
      const out = new Float64Array(n * dim);
      stationary.forEach((law, i) => law.sample(foldIn(key, i), n).forEach((x, s) => (out[s * dim + i] = x)));
      return out;
    },
    simulate: (key, x, t, { stepSize = 0.01 } = {}) => simulate(process, key, x, t, stepSize),
  };
  return process;
}

function simulate(
  process: Process,
  key: Key,
  x: Float64Array,
  t: number,
  stepSize: number,
): Promise<Float64Array> {
  checkPoints("x", x, process.dim);
  checkNumber("t", t, { min: 0 });
  checkPositive("stepSize", stepSize);
  if (t === 0) return Promise.resolve(x.slice());
  const numSteps = Math.ceil(t / stepSize);
  const grid = Float64Array.from({ length: numSteps + 1 }, (_, k) => (t * k) / numSteps);
  return integrate(forwardSde(process), x, grid, { method: eulerMaruyama, key });
}
