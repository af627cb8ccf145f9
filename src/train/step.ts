import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Key } from "../random/index.js";

/** What a step learns about the loss. */
export interface StepResult {
  readonly loss: number;
  /** One number a parameter. The loop may change it; the program may use the same array every step. */
  readonly gradient: Float32Array;
  /** Further numbers to show while training runs. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Events of this step, such as samples left out, by name: training adds them up, through interruptions as well. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** Where in a run a step is. */
export interface StepContext {
  readonly step: number;
  /** The step's own key, `foldIn(the run's key, step)`: all that it draws depends on it. */
  readonly key: Key;
}

/** Loss and gradient as a function of parameters and the step: the part of training that a problem brings along. */
export interface StepProgram {
  /** Must depend on nothing but its arguments and `memory`, so that a run can be resumed at any step. */
  readonly run: (params: Float32Array, context: StepContext) => StepResult | Promise<StepResult>;
  /** What steps leave to later ones, such as a replay buffer: zeros before the first step, then saved and put back with the run. */
  readonly memory?: readonly Float32Array[];
  /** Give back threads and native memory. */
  readonly close?: () => Promise<void>;
}

/** A part of a run. */
export interface Phase {
  readonly numSteps: number;
  readonly program: StepProgram;
}

/**
 * Several programs one after the other, such as coarse time grids before fine ones; the last one goes on for ever.
 * @throws ArgumentError for no phases, or one without steps
 */
export function inPhases(phases: readonly Phase[]): StepProgram {
  if (phases.length === 0) throw new ArgumentError("phases", phases, "at least one phase");
  phases.forEach(({ numSteps }, i) => checkInteger(`phases[${i}].numSteps`, numSteps, { min: 1 }));
  const at = (step: number): StepProgram => {
    let end = 0;
    const phase = phases.find(({ numSteps }) => step < (end += numSteps));
    return (phase ?? phases[phases.length - 1]).program;
  };
  return {
    run: (params, context) => at(context.step).run(params, context),
    memory: phases.flatMap(({ program }) => program.memory ?? []),
    close: async () => {
      for (const { program } of phases) await program.close?.();
    },
  };
}
