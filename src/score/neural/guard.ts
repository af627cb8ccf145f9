import { globalNorm, type StepProgram, type StepResult } from "../../train/index.js";

interface Good {
  readonly step: number;
  readonly params: Float32Array;
}

/** Training that left the region where numbers make sense; the last good parameters are kept here. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  /** The step at which it was noticed. */
  readonly step: number;
  /** Norm of the loss's gradient there. */
  readonly norm: number;
  /** Parameters after `goodStep` steps, the last time that all was well. */
  readonly params: Float32Array;
  readonly goodStep: number;

  constructor(why: string, at: { readonly step: number; readonly norm: number }, good: Good) {
    super(
      `training diverged at step ${at.step}: ${why}, gradient of norm ${at.norm}; the parameters after ${good.step} steps ` +
        `are kept in this error's "params"; try a smaller learning rate`,
    );
    this.step = at.step;
    this.norm = at.norm;
    this.params = good.params;
    this.goodStep = good.step;
  }
}

/** When training counts as diverged. */
export interface GuardOptions {
  /** Losses above which a whole stretch of steps means divergence: ten times this, or ten times the first loss. */
  readonly typicalLoss: number;
  /** Longest gradient. */
  readonly maxGradientNorm: number;
}

/** Steps between two looks; also how far back the last good parameters may lie. */
const STRETCH = 100;

/**
 * A training step that stops a run which diverges: where loss or gradient is not finite, where the gradient is too long, or where
 * half of the losses of a stretch of 100 steps are ten times what an untrained net has.
 */
export function guarded(program: StepProgram, options: GuardOptions): StepProgram {
  const watch = new Watch(options);
  return {
    ...program,
    async run(params, context) {
      const result = await program.run(params, context);
      watch.look(context.step, params, result);
      return result;
    },
  };
}

class Watch {
  private readonly options: GuardOptions;
  private limit: number | undefined;
  private good: Good | undefined;
  private losses: number[] = [];

  constructor(options: GuardOptions) {
    this.options = options;
  }

  /** @throws DivergenceError */
  look(step: number, params: Float32Array, { loss, gradient }: StepResult): void {
    const { typicalLoss, maxGradientNorm } = this.options;
    this.limit ??= 10 * Math.max(typicalLoss, Math.abs(loss));
    this.good ??= { step, params: params.slice() };
    const at = { step, norm: globalNorm(gradient) };
    if (!Number.isFinite(loss)) throw new DivergenceError(`loss ${loss}`, at, this.good);
    if (!(at.norm <= maxGradientNorm)) {
      throw new DivergenceError(`a gradient longer than ${maxGradientNorm}`, at, this.good);
    }
    this.losses.push(loss);
    if (this.losses.length < STRETCH) return;
    const middle = this.losses.sort((a, b) => a - b)[STRETCH / 2];
    if (middle > this.limit) {
      throw new DivergenceError(`${STRETCH} steps of median loss ${middle}`, at, this.good);
    }
    this.losses = [];
    this.good = { step, params: params.slice() };
  }
}
