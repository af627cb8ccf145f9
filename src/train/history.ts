/** The course of a run: the mean loss of each stretch of `every` steps, and the evaluations. */
export interface History {
  /** Steps done at the end of each stretch. */
  readonly steps: readonly number[];
  /** Mean loss of the stretch, skipped steps left out; NaN where all were skipped. */
  readonly loss: readonly number[];
  readonly evaluations: readonly Evaluation[];
}

/** What an evaluation hook returned. */
export interface Evaluation {
  /** Steps done before. */
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A history that grows; `sum` and `count` belong to the stretch that is under way. */
export interface Recorder {
  readonly every: number;
  readonly steps: number[];
  readonly loss: number[];
  readonly evaluations: Evaluation[];
  sum: number;
  count: number;
}

/** An empty history. */
export function recorder(every: number): Recorder {
  return { every, steps: [], loss: [], evaluations: [], sum: 0, count: 0 };
}

/**
 * Take in the loss of a step, undefined where it was skipped.
 * @param done steps done, this one included
 * @returns the mean of the stretch that ends here, if one does
 */
export function record(to: Recorder, loss: number | undefined, done: number): number | undefined {
  if (loss !== undefined) {
    to.sum += loss;
    to.count++;
  }
  if (done % to.every !== 0) return undefined;
  const mean = to.sum / to.count;
  to.steps.push(done);
  to.loss.push(mean);
  to.sum = 0;
  to.count = 0;
  return mean;
}
