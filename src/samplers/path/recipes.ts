import { checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import {
  exponential,
  powerDecay,
  warmupCosine,
  type DecaySchedule,
  type Schedule,
} from "../../train/index.js";

/** A part of training on one time grid. */
export interface GridPhase {
  /** Time steps of a path. */
  readonly numSteps: number;
  readonly numPaths: number;
  /** Training steps. */
  readonly updates: number;
  /** Share of the gradient, 0 to 1, from replayed paths, which cost as much again; default 0. Of the log-variance loss alone. */
  readonly replay?: number;
  /** Training steps whose ends are kept to be replayed; default 1, the step's own. */
  readonly replayBuffer?: number;
}

/** How a path sampler is trained. */
export interface Recipe {
  /** Coarse grids first: the control is a function of continuous time, and a coarse step costs less. */
  readonly phases: readonly GridPhase[];
  readonly learningRate: Schedule;
  /** Decay of the running average of parameters. */
  readonly average: { readonly decay: DecaySchedule; readonly start: number; readonly every: number };
  /** λ of a penalty λ |p|² / 2. */
  readonly l2: number;
  readonly clipNorm: number;
  /** Residuals of RND beyond this count as this in the gradient. */
  readonly residualClip: number;
  /** Where controls and scores are clipped, by training step. */
  readonly clipAt: (step: number) => number;
  /** Of a constant random drift a path, by training step; undefined for none. */
  readonly drift: ((step: number) => number) | undefined;
}

/** Settings of `quickRecipe`. */
export interface QuickOptions {
  readonly phases?: readonly GridPhase[];
  /** Peak of the learning rate; default 0.01. */
  readonly learningRate?: number;
  /** Default 0.99. */
  readonly averageDecay?: number;
  /** Whether the rate falls with training steps (default) or with their cost, paths times time steps. */
  readonly pace?: "steps" | "cost";
  /** Longest gradient; default 1. Heavy-tailed weights are learned from rare steep steps, and want more. */
  readonly clipNorm?: number;
  /** Size of a constant random drift a path, falling to 0 over the first half; default 0. */
  readonly exploration?: number;
}

/**
 * Phases of three numbers each, numSteps, numPaths and updates, one after another in a list, as a notebook's parameters hold them.
 * @throws ArgumentError
 */
export function phasesOf(list: readonly number[]): GridPhase[] {
  if (list.length === 0 || list.length % 3 !== 0)
    throw new ArgumentError("list", list, "three numbers a phase: numSteps, numPaths, updates");
  const phases = Array.from({ length: list.length / 3 }, (_, i) => {
    const [numSteps, numPaths, updates] = list.slice(3 * i);
    return { numSteps, numPaths, updates };
  });
  checkPhases(phases);
  return phases;
}

/** N = 50, then 100, then 200: most of the result comes from the cheap first grid. */
export const DEFAULT_PHASES: readonly GridPhase[] = [
  { numSteps: 50, numPaths: 256, updates: 800 },
  { numSteps: 100, numPaths: 256, updates: 400 },
  { numSteps: 200, numPaths: 512, updates: 300 },
];

/**
 * Training in minutes: coarse to fine grids, Adam with 50 steps of warm-up and a cosine to 1e-4, gradients of norm 1 at most, residuals
 * cut at 60, a short running average.
 * @throws ArgumentError
 */
export function quickRecipe(options: QuickOptions = {}): Recipe {
  checkKeys("recipe", options, ["phases", "learningRate", "averageDecay", "pace", "clipNorm", "exploration"]);
  const { phases = DEFAULT_PHASES, learningRate = 0.01, averageDecay = 0.99 } = options;
  const { clipNorm = 1, exploration = 0 } = options;
  const total = checkPhases(phases);
  checkPositive("learningRate", learningRate);
  checkNumber("averageDecay", averageDecay, { min: 0, max: 1 });
  checkPositive("clipNorm", clipNorm);
  checkNumber("exploration", exploration, { min: 0 });
  const paced = options.pace === "cost" ? costPace(phases) : (step: number): number => step / total;
  return {
    phases,
    learningRate: cosine(learningRate, paced),
    average: { decay: (k) => Math.min(averageDecay, (1 + k) / (10 + k)), start: 0, every: 1 },
    l2: 0,
    clipNorm,
    residualClip: 60,
    clipAt: () => 1e4,
    drift: exploration === 0 ? undefined : (step) => exploration * Math.max(0, 1 - (2 * step) / total),
  };
}

/** Settings of `publishedRecipe`. */
export interface PublishedRecipeOptions {
  /** Default one phase of 60,000 updates with 2,048 paths of 200 steps. */
  readonly phases?: readonly GridPhase[];
  readonly exploration?: number;
}

/**
 * The published training: Adam from 0.005 to 1e-4, lowered every 100 steps, with an L2 penalty of 1e-7; clips of 10, 50 from step 200
 * and 250 from step 400; an average over the last 1,500 steps (the last fifth of shorter runs). Source: Berner et al. 2024 (sde_sampler).
 * @throws ArgumentError
 */
export function publishedRecipe(options: PublishedRecipeOptions = {}): Recipe {
  checkKeys("recipe", options, ["phases", "exploration"]);
  const { phases = [{ numSteps: 200, numPaths: 2048, updates: 60_000 }], exploration = 0 } = options;
  const total = checkPhases(phases);
  const every = Math.min(100, Math.max(1, Math.floor(total / 100)));
  return {
    phases,
    learningRate: exponential({ start: 0.005, final: 1e-4, numSteps: total, every }),
    average: { decay: powerDecay(), start: total - Math.min(1500, Math.ceil(total / 5)), every: 5 },
    l2: 1e-7,
    clipNorm: 1,
    residualClip: Infinity,
    clipAt: (step) => (step < 200 ? 10 : step < 400 ? 50 : 250),
    drift: exploration === 0 ? undefined : (step) => exploration * Math.max(0, 1 - (2 * step) / total),
  };
}

/** Warm-up over training steps, then a cosine over `pace`, which runs from 0 to 1. */
function cosine(peak: number, pace: (step: number) => number): Schedule {
  const final = Math.min(1e-4, peak);
  const resolution = 1e6;
  const fall = warmupCosine({ peak, final, numSteps: resolution });
  return (step) => Math.min(1, (step + 1) / 50) * fall(Math.round(Math.min(1, pace(step)) * resolution));
}

/** Share of the whole cost that lies before a training step. */
function costPace(phases: readonly GridPhase[]): (step: number) => number {
  const cost = ({ numSteps, numPaths }: GridPhase): number => numSteps * numPaths;
  const whole = phases.reduce((sum, phase) => sum + cost(phase) * phase.updates, 0);
  return (step) => {
    let [left, done] = [step, 0];
    for (const phase of phases) {
      const here = Math.min(left, phase.updates);
      done += here * cost(phase);
      left -= here;
    }
    return done / whole;
  };
}

/** @returns the number of training steps. @throws ArgumentError */
function checkPhases(phases: readonly GridPhase[]): number {
  if (!Array.isArray(phases) || phases.length === 0)
    throw new ArgumentError("phases", phases, "at least one phase");
  const checked: readonly GridPhase[] = phases;
  checked.forEach((phase, i) => {
    checkInteger(`phases[${i}].numSteps`, phase.numSteps, { min: 1 });
    checkInteger(`phases[${i}].numPaths`, phase.numPaths, { min: 2 });
    checkInteger(`phases[${i}].updates`, phase.updates, { min: 1 });
    checkNumber(`phases[${i}].replay`, phase.replay ?? 0, { min: 0, max: 1 });
    checkInteger(`phases[${i}].replayBuffer`, phase.replayBuffer ?? 1, { min: 1 });
  });
  return checked.reduce((sum, { updates }) => sum + updates, 0);
}
