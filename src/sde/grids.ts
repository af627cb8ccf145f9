import { checkInteger, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** t_k = horizon (k/numSteps)², k = 0..numSteps: fine near the data at 0. @throws ArgumentError */
export function quadraticGrid(horizon: number, numSteps: number): Float64Array {
  return grid(horizon, numSteps, (fraction) => fraction * fraction);
}

/** t_k = horizon k/numSteps, k = 0..numSteps. @throws ArgumentError */
export function uniformGrid(horizon: number, numSteps: number): Float64Array {
  return grid(horizon, numSteps, (fraction) => fraction);
}

/** t_k = earliest (horizon/earliest)^(k/numSteps), k = 0..numSteps: equal steps in log t; 0 is not in it. @throws ArgumentError */
export function logUniformGrid(earliest: number, horizon: number, numSteps: number): Float64Array {
  checkPositive("earliest", earliest);
  if (!(earliest < horizon))
    throw new ArgumentError("horizon", horizon, `a time after earliest = ${earliest}`);
  const times = grid(horizon, numSteps, (fraction) => (earliest / horizon) ** (1 - fraction));
  times[0] = earliest;
  return times;
}

/** The same times from the last to the first, as generation marches: a copy. */
export function backwards(times: Float64Array): Float64Array {
  return times.slice().reverse();
}

function grid(horizon: number, numSteps: number, shape: (fraction: number) => number): Float64Array {
  checkPositive("horizon", horizon);
  checkInteger("numSteps", numSteps, { min: 1 });
  return Float64Array.from({ length: numSteps + 1 }, (_, k) => horizon * shape(k / numSteps));
}
