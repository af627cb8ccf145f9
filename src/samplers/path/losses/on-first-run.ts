import type { StepContext, StepProgram, StepResult } from "../../../train/index.js";

/** A step with its programs and threads. */
interface OpenStep {
  run(params: Float32Array, context: StepContext): Promise<StepResult>;
  close(): Promise<void>;
}

/** A step that is compiled, and takes its threads, when it first runs; after `close` the next run opens it again. */
export function onFirstRun(open: () => OpenStep, memory: StepProgram["memory"] = []): StepProgram {
  let opened: OpenStep | undefined;
  return {
    memory,
    run: (params, context) => (opened ??= open()).run(params, context),
    close: async () => {
      await opened?.close();
      opened = undefined;
    },
  };
}
