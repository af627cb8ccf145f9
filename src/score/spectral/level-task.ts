// Runs in a pool thread.
import { ArgumentError } from "../../core/errors.js";
import { NotPositiveDefiniteError } from "../../linalg/index.js";
import { problemOf, type ProblemState } from "./problem.js";
import { solveLevel, type LevelSolution } from "./solve-level.js";

export interface LevelTask {
  readonly problem: ProblemState;
  readonly moments: Float64Array;
  readonly times: Float64Array;
  /** Number of the first of these times among all. */
  readonly first: number;
  readonly ridge: number;
}

export interface LevelResult {
  /** Coefficients of all components, a stretch for each time. */
  readonly coefficients: Float64Array;
  readonly ridges: Float64Array;
  readonly conditions: Float64Array;
}

/** Solve the linear systems of some time levels. @throws ArgumentError that names the level where one is singular */
export async function solveLevels(task: LevelTask): Promise<LevelResult> {
  const { problem: state, moments, times, first, ridge } = task;
  const problem = problemOf(state);
  const solutions: LevelSolution[] = [];
  for (const [i, t] of times.entries()) {
    try {
      solutions.push(await solveLevel(problem, moments, t, ridge));
    } catch (error) {
      if (error instanceof NotPositiveDefiniteError) throw singular(error, ridge, first + i, t);
      throw error;
    }
  }
  const width = solutions[0].coefficients.length;
  const coefficients = new Float64Array(times.length * width);
  solutions.forEach((solution, i) => coefficients.set(solution.coefficients, i * width));
  return {
    coefficients,
    ridges: Float64Array.from(solutions, (solution) => solution.ridge),
    conditions: Float64Array.from(solutions, (solution) => solution.condition),
  };
}

function singular(error: NotPositiveDefiniteError, ridge: number, level: number, t: number): ArgumentError {
  const advice = ridge > 0 ? `${100 * ridge}` : "1e-7";
  return new ArgumentError(
    "ridge",
    ridge,
    `a larger number, such as ${advice}: the Gram matrix of time level ${level} (t = ${t}) is singular ` +
      `(pivot ${error.index} is ${error.value}); more samples or fewer functions help too`,
  );
}
