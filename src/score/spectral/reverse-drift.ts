import { Expansion } from "./expansion.js";
import { coefficientsAt, type Levels } from "./levels.js";
import type { Problem } from "./problem.js";
import { Clipper, type SampleBox } from "./sample-box.js";

/**
 * The fitted score s(t, x), and with it the drift of the time-reversed process
 *
 *   b = V' + (w/β) s,  w = 2 for the reverse SDE, 1 for the probability flow
 *
 * In residual form s = -β V' + r, with r taken at the clipped point. One object serves one thread and up to `capacity` points.
 */
export class ScoreField {
  private readonly problem: Problem;
  private readonly levels: Levels;
  private readonly expansion: Expansion;
  private readonly clipper: Clipper;
  private readonly coefficients: Float64Array;
  private readonly clipped: Float64Array;

  constructor(problem: Problem, levels: Levels, box: SampleBox, capacity: number) {
    this.problem = problem;
    this.levels = levels;
    this.expansion = new Expansion(problem, box.widestLow, box.widestHigh);
    this.clipper = new Clipper(problem.bases, box);
    this.coefficients = new Float64Array(levels.coefficients.length / levels.times.length);
    this.clipped = new Float64Array(capacity * problem.dim);
  }

  /** From now on the time is t. */
  setTime(t: number): void {
    coefficientsAt(this.levels, t, this.coefficients);
    this.clipper.setTime(t);
  }

  /** s(t, x) for `count` points, to out. */
  score(x: Float64Array, out: Float64Array, count: number): void {
    this.combine(x, out, count, 0, 1);
  }

  /** V' + (w/β) s for `count` points, to out. */
  drift(x: Float64Array, out: Float64Array, count: number, weight: number): void {
    this.combine(x, out, count, 1, weight / this.problem.beta);
  }

  /** a V' + b s. Outside of the box the learned part is constant; V' too where s has to cancel it. */
  private combine(x: Float64Array, out: Float64Array, count: number, a: number, b: number): void {
    const { dim, beta, state } = this.problem;
    const { sites } = this.expansion;
    this.clipper.clip(x, this.clipped, count);
    this.expansion.evaluate(this.coefficients, this.clipped, out, count);
    const residual = state.form === "residual";
    const factor = residual ? a - b * beta : a;
    const where = residual ? x : this.clipped;
    for (let at = 0; at < count * dim; at++) out[at] *= b;
    if (factor === 0) return;
    for (let k = 0; k < dim; k++) sites[k].addGradient({ x: where, at: k, stride: dim, count }, factor, out);
  }
}
