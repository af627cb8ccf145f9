import { checkFinite, checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { Progress } from "../../core/progress.js";
import { checkGridSize } from "../../linalg/index.js";
import { allocateShared, shared } from "../../linalg/shared.js";
import { pool } from "../../onnx/index.js";
import { fromHalfPlane, toHalfPlane } from "./half-plane.js";
import { keptModes } from "./kept-modes.js";
import { ROUNDING, type NavierStokesTask, type StepRule, type UnstableField } from "./navier-stokes-task.js";

/** Steps between looks at the signal. */
const STRETCH = 25;
const TASK = new URL("./navier-stokes-task.js", import.meta.url).href;

/** Options of `navierStokes`. */
export interface NavierStokesOptions {
  /** Points an axis, a power of two. */
  readonly size: number;
  /** Side of the periodic square; default 2π. */
  readonly length?: number;
  /** ν, at least 0; 1/Re in the talk's units. */
  readonly viscosity: number;
  /** f at the grid points: size² numbers for all fields, or batch·size²; default none. Its mean is left out. */
  readonly forcing?: Float64Array;
  /** Length of a step, or what bounds it: steps of at most `cfl` grid cells and `most` (default 0.02) time. */
  readonly dt: number | { readonly cfl: number; readonly most?: number };
  /** Grid cells that the fastest point may cross in a step before it counts as unstable; default 2. */
  readonly maxCfl?: number;
}

/** A batch of flows at a moment. */
export interface NavierStokesState {
  /** w at the grid points, batch·size·size numbers: rows are y, columns x. */
  readonly vorticity: Float64Array;
  /** Kept modes of w, normalised by 1/n²; what the next step needs. */
  readonly spectra: Float64Array;
  /** Of each flow. */
  readonly times: Float64Array;
  /** Steps of each flow so far. */
  readonly steps: Float64Array;
  /** Grid cells that the fastest point crossed in the last step, a flow each. */
  readonly cfl: Float64Array;
}

/** Options of a long advance. */
export interface AdvanceOptions {
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** A solver of the vorticity equation. */
export interface NavierStokes {
  readonly size: number;
  readonly length: number;
  /** A state at time 0. @param vorticity batch·size·size numbers @throws ArgumentError */
  init(vorticity: Float64Array): NavierStokesState;
  /** The state so many steps later. @throws UnstableStepError with the last good state */
  step(state: NavierStokesState, numSteps: number, options?: AdvanceOptions): Promise<NavierStokesState>;
  /** The state at a later time, the last step shortened to end there. @throws UnstableStepError with the last good state */
  advance(state: NavierStokesState, until: number, options?: AdvanceOptions): Promise<NavierStokesState>;
}

/** A step that would not have been one: too fast for its length, or without a finite result. */
export class UnstableStepError extends Error {
  override readonly name = "UnstableStepError";
  /** Every flow after its last good step. */
  readonly state: NavierStokesState;
  /** Which flow, at which of its steps, from which time, and how many cells it would have crossed. */
  readonly where: UnstableField;

  constructor(where: UnstableField, state: NavierStokesState) {
    const { field, step, time, cfl, dt } = where;
    super(
      `step ${step + 1} of flow ${field} is unstable: from time ${time.toPrecision(4)} a step of ${dt.toPrecision(3)} has the CFL number ${cfl.toPrecision(3)}; ` +
        `take shorter steps or dt = { cfl: 0.5 }. The state before it is this error's \`state\``,
    );
    this.where = where;
    this.state = state;
  }
}

/**
 * Two-dimensional incompressible flow on a periodic square, by its vorticity, in batches:
 *
 *   ∂_t w + u·∇w = ν Δw + f,   u = (ψ_y, -ψ_x),   -Δψ = w,   zero mean
 *
 * Pseudo-spectral with the strict 2/3 rule in both directions, for the state and for its products; Crank and Nicolson's rule for
 * diffusion and Heun's for the rest, of second order:
 *
 *   w~ = (w + dt (N(w) - ½ν k² w))/(1 + ½ν k² dt),   w⁺ = (w + dt (½(N(w) + N(w~)) - ½ν k² w))/(1 + ½ν k² dt)
 *
 * Flows are shared out among the threads of the pool; each is computed by itself, so the bits do not depend on their number.
 *
 * @throws ArgumentError
 */
export function navierStokes(options: NavierStokesOptions): NavierStokes {
  const { size, length, viscosity, forcing, rule, maxCfl } = checked(options);
  const modes = keptModes(size);
  const force = forcing && shared(toHalfPlane(forcing, modes));
  const common = { size, unit: (2 * Math.PI) / length, viscosity, rule, maxCfl, forcing: force };
  return {
    size,
    length,
    init(vorticity) {
      const count = checkFieldsOf(vorticity, size, forcing);
      const spectra = toHalfPlane(vorticity, modes);
      const [times, steps, cfl] = [0, 1, 2].map(() => new Float64Array(count)) as Float64Array[];
      return { vorticity: fromHalfPlane(spectra, modes), spectra, times, steps, cfl };
    },
    step(state, numSteps, more = {}) {
      checkInteger("numSteps", numSteps, { min: 0 });
      return run(common, state, { numSteps, until: Infinity }, more);
    },
    advance(state, until, more = {}) {
      checkNumber("until", until, { min: 0 });
      return run(common, state, { numSteps: Infinity, until }, more);
    },
  };
}

type Common = Pick<NavierStokesTask, "size" | "unit" | "viscosity" | "rule" | "maxCfl" | "forcing">;
type Stop = Pick<NavierStokesTask, "numSteps" | "until">;

/** In stretches of a few steps, so that progress is seen and a signal heard; where they end changes nothing. */
async function run(
  common: Common,
  state: NavierStokesState,
  { numSteps, until }: Stop,
  { onProgress, signal }: AdvanceOptions,
): Promise<NavierStokesState> {
  const next = sharedCopy(state);
  const from = Math.min(...state.times);
  for (let done = 0; done < numSteps && Math.min(...next.times) < until - ROUNDING; done += STRETCH) {
    signal?.throwIfAborted();
    const stretch = { numSteps: Math.min(STRETCH, numSteps - done), until };
    const bad = await onPool({ ...common, ...stretch, ...next });
    if (bad !== undefined) throw new UnstableStepError(bad, next);
    const total = numSteps === Infinity ? until - from : numSteps;
    onProgress?.({
      done: numSteps === Infinity ? Math.min(...next.times) - from : done + stretch.numSteps,
      total,
    });
  }
  return next;
}

function sharedCopy({ vorticity, spectra, times, steps, cfl }: NavierStokesState): NavierStokesState {
  const copy = (a: Float64Array): Float64Array => {
    const into = allocateShared(a.length);
    into.set(a);
    return into;
  };
  return {
    vorticity: copy(vorticity),
    spectra: copy(spectra),
    times: copy(times),
    steps: copy(steps),
    cfl: copy(cfl),
  };
}

/** The flows in as many stretches as there are threads. */
async function onPool(task: Omit<NavierStokesTask, "first" | "last">): Promise<UnstableField | undefined> {
  const count = task.times.length;
  const parts = Math.min(count, pool().size);
  const edge = (i: number): number => Math.round((i * count) / parts);
  const bad = await Promise.all(
    Array.from({ length: parts }, (_, i) => {
      const args: NavierStokesTask = { ...task, first: edge(i), last: edge(i + 1) };
      return pool().run<UnstableField | undefined>({ module: TASK, name: "advanceFields", args });
    }),
  );
  return bad.find((one) => one !== undefined);
}

function checked(options: NavierStokesOptions): {
  readonly size: number;
  readonly length: number;
  readonly viscosity: number;
  readonly forcing: Float64Array | undefined;
  readonly rule: StepRule;
  readonly maxCfl: number;
} {
  checkKeys("options", options, ["size", "length", "viscosity", "forcing", "dt", "maxCfl"]);
  const { size, length = 2 * Math.PI, viscosity, forcing, dt, maxCfl = 2 } = options;
  checkGridSize("size", size);
  checkInteger("size", size, { min: 4 });
  checkPositive("length", length);
  checkNumber("viscosity", viscosity, { min: 0 });
  checkPositive("maxCfl", maxCfl);
  if (forcing !== undefined) checkFieldsOf(forcing, size, undefined, "forcing");
  return { size, length, viscosity, forcing, rule: stepRule(dt), maxCfl };
}

function stepRule(dt: NavierStokesOptions["dt"]): StepRule {
  if (typeof dt !== "object") return { kind: "fixed", dt: checkPositive("dt", dt) };
  checkKeys("dt", dt, ["cfl", "most"]);
  const { cfl, most = 0.02 } = dt;
  return { kind: "adaptive", cfl: checkPositive("dt.cfl", cfl), most: checkPositive("dt.most", most) };
}

function checkFieldsOf(
  fields: Float64Array,
  size: number,
  forcing: Float64Array | undefined,
  argument: string = "vorticity",
): number {
  const cells = size * size;
  if (!(fields instanceof Float64Array) || fields.length === 0 || fields.length % cells !== 0) {
    throw new ArgumentError(argument, fields, `a Float64Array of batch·${size}·${size} numbers`);
  }
  checkFinite(argument, fields);
  if (forcing !== undefined && forcing.length !== cells && forcing.length !== fields.length) {
    throw new ArgumentError(argument, fields, `as many fields as the forcing has, ${forcing.length / cells}`);
  }
  return fields.length / cells;
}
