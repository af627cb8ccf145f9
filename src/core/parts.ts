import { checkInteger } from "./checks.js";

/**
 * Does a part of a long piece of work under a name of its own: at once, or kept, so that work which was interrupted goes on after its
 * last finished part. A long part may keep what it has so far in the folder that it is given, such as checkpoints; it is removed when
 * the part is finished.
 */
export type RunPart = <T>(name: string, work: (folder?: string) => T | Promise<T>) => Promise<T>;

/** Parts that nobody keeps. */
export const atOnce: RunPart = async (_, work) => work();

/** Steps in parts. */
export interface StepParts {
  readonly numSteps: number;
  /** Most steps of a part. */
  readonly partSteps: number;
  readonly part: RunPart;
}

/**
 * Make steps in parts named "<steps so far> steps", each from what the one before it made.
 *
 * @param work makes what there is after so many steps
 * @param each told the steps so far and what they made, part by part
 * @returns what the last part made
 * @throws ArgumentError
 */
export async function stepsInParts<T>(
  { numSteps, partSteps, part }: StepParts,
  work: (steps: number, last: T | undefined) => Promise<T>,
  each?: (made: T, steps: number) => void,
): Promise<T> {
  checkInteger("numSteps", numSteps, { min: 1 });
  checkInteger("partSteps", partSteps, { min: 1 });
  let last: T | undefined;
  for (let done = 0; done < numSteps;) {
    done = Math.min(numSteps, done + partSteps);
    const from = last;
    last = await part(`${done} steps`, () => work(done, from));
    each?.(last, done);
  }
  return last as T;
}
