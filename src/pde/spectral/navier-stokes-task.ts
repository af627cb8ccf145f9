// Runs in a pool thread.
import { fromHalfPlane } from "./half-plane.js";
import { keptModes, rowWavenumber, type KeptModes } from "./kept-modes.js";
import { vorticityRate, type Speeds, type VorticityRate } from "./vorticity-rate.js";

/** Times nearer than this are the same. */
export const ROUNDING = 1e-12;

/** How long a step is: always the same, or so that no speed crosses more than `cfl` grid cells in it. */
export type StepRule =
  | { readonly kind: "fixed"; readonly dt: number }
  | { readonly kind: "adaptive"; readonly cfl: number; readonly most: number };

/** Fields that one thread moves on. Spectra are kept modes; arrays are shared with the caller. */
export interface NavierStokesTask {
  readonly size: number;
  readonly unit: number;
  readonly viscosity: number;
  readonly rule: StepRule;
  readonly maxCfl: number;
  /** At most so many steps for every field, none beyond the time `until`. */
  readonly numSteps: number;
  readonly until: number;
  /** Fields [first, last) are this thread's. */
  readonly first: number;
  readonly last: number;
  readonly spectra: Float64Array;
  readonly vorticity: Float64Array;
  /** One field, one a field of the batch, or none. */
  readonly forcing: Float64Array | undefined;
  /** A field each. */
  readonly times: Float64Array;
  readonly steps: Float64Array;
  readonly cfl: Float64Array;
}

/** The field whose step went wrong. */
export interface UnstableField {
  readonly field: number;
  readonly step: number;
  readonly time: number;
  readonly cfl: number;
  readonly dt: number;
}

/** Move fields on; spectra, times and counts are those after the last good step. @returns the first field that became unstable */
export function advanceFields(task: NavierStokesTask): UnstableField | undefined {
  const modes = keptModes(task.size);
  const length = 2 * modes.rows * modes.columns;
  const scheme = new Scheme(modes, task);
  let bad: UnstableField | undefined;
  for (let field = task.first; field < task.last; field++) {
    const spectrum = task.spectra.subarray(field * length, (field + 1) * length);
    const forcing = forcingOf(task.forcing, field, length);
    bad ??= scheme.advance(field, spectrum, forcing);
    task.vorticity.set(fromHalfPlane(spectrum, modes), field * task.size ** 2);
  }
  return bad;
}

function forcingOf(all: Float64Array | undefined, field: number, length: number): Float64Array | undefined {
  if (all === undefined) return undefined;
  return all.length === length ? all : all.subarray(field * length, (field + 1) * length);
}

/** Crank and Nicolson's rule for diffusion with Heun's for the rest. */
class Scheme {
  private readonly task: NavierStokesTask;
  private readonly rate: VorticityRate;
  private readonly decay: Float64Array;
  private readonly speeds: Speeds = { u: 0, v: 0 };
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly guess: Float64Array;

  constructor(modes: KeptModes, task: NavierStokesTask) {
    this.task = task;
    this.rate = vorticityRate(modes, task.unit);
    this.decay = halfDecay(modes, task.unit, task.viscosity);
    const length = 2 * modes.rows * modes.columns;
    this.first = new Float64Array(length);
    this.second = new Float64Array(length);
    this.guess = new Float64Array(length);
  }

  /** @returns what went wrong, if anything */
  advance(
    field: number,
    spectrum: Float64Array,
    forcing: Float64Array | undefined,
  ): UnstableField | undefined {
    const { times, steps, cfl, numSteps, until, maxCfl } = this.task;
    for (let step = 0; step < numSteps && times[field] < until - ROUNDING; step++) {
      this.rate(spectrum, forcing, this.first, this.speeds);
      const dt = this.stepLength(until - times[field]);
      const number =
        (dt * Math.max(this.speeds.u, this.speeds.v) * this.task.size * this.task.unit) / (2 * Math.PI);
      const finite = number <= maxCfl && this.move(spectrum, forcing, dt);
      if (!finite) return { field, step: steps[field], time: times[field], cfl: number, dt };
      cfl[field] = number;
      times[field] += dt;
      steps[field]++;
    }
    return undefined;
  }

  private stepLength(left: number): number {
    const { rule, size, unit } = this.task;
    if (rule.kind === "fixed") return Math.min(rule.dt, left);
    const spacing = (2 * Math.PI) / (unit * size);
    const fastest = Math.max(this.speeds.u, this.speeds.v);
    return Math.min(rule.most, left, fastest > 0 ? (rule.cfl * spacing) / fastest : Infinity);
  }

  /** One step in place. @returns whether the result is finite; if not, the spectrum is as before */
  private move(spectrum: Float64Array, forcing: Float64Array | undefined, dt: number): boolean {
    const { first, second, guess, decay } = this;
    for (let i = 0; i < spectrum.length; i++) {
      const half = dt * decay[i];
      guess[i] = (spectrum[i] * (1 - half) + dt * first[i]) / (1 + half);
    }
    this.rate(guess, forcing, second, { u: 0, v: 0 });
    let sum = 0;
    for (let i = 0; i < spectrum.length; i++) {
      const half = dt * decay[i];
      guess[i] = (spectrum[i] * (1 - half) + (dt / 2) * (first[i] + second[i])) / (1 + half);
      sum += guess[i] * guess[i];
    }
    if (!Number.isFinite(sum)) return false;
    spectrum.set(guess);
    return true;
  }
}

/** ν k²/2 of every number of the half plane. */
function halfDecay(modes: KeptModes, unit: number, viscosity: number): Float64Array {
  const { rows, columns } = modes;
  return Float64Array.from({ length: 2 * rows * columns }, (_, i) => {
    const [kx, ky] = [(i >> 1) % columns, rowWavenumber(modes, Math.floor((i >> 1) / columns))];
    return (viscosity * unit * unit * (kx * kx + ky * ky)) / 2;
  });
}
