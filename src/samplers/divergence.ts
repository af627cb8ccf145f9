import type { ChainState } from "./chain.js";

/** Chains that left the region where numbers make sense; where they were before is kept here. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  readonly argument = "stepSize";
  /** The move, from 0, after which it was noticed. */
  readonly step: number;
  /** Greatest absolute value of a coordinate before that move. */
  readonly norm: number;
  /** The state before that move. */
  readonly state: ChainState;

  constructor(step: number, norm: number, state: ChainState) {
    super(
      `stepSize: chains diverged at step ${step}, from points of size up to ${norm.toPrecision(4)}; the state before is kept in this ` +
        `error's "state"; try a smaller step size`,
    );
    this.step = step;
    this.norm = norm;
    this.state = state;
  }
}

/** Coordinates of this size belong to no density that anyone samples. */
const LIMIT = 1e50;

/** @throws DivergenceError where a coordinate after a move is not a number, or beyond 1e50 */
export function checkMove(step: number, before: ChainState, after: ChainState): void {
  if (size(after.x) <= LIMIT) return;
  throw new DivergenceError(step, size(before.x), before);
}

/** Greatest absolute value; NaN where any is NaN. */
function size(x: Float64Array): number {
  let most = 0;
  for (const value of x) {
    if (Number.isNaN(value)) return NaN;
    most = Math.max(most, Math.abs(value));
  }
  return most;
}
