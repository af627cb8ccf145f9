import type { Key } from "../../../random/index.js";
import { resample } from "./resample.js";

/** Ends of paths, and their RNDs. */
interface Ends {
  readonly x: Float32Array;
  readonly rnd: Float32Array;
}

/**
 * The ends of the last steps' paths, as points of importance weights e^{-RND}. RND is that under the control of its own step, so an end
 * keeps its weight, however old. Source: Sendera et al. 2024 (replay buffers).
 */
export class ReplayBuffer {
  /** Steps put so far, then RNDs, then ends: zeros for a new one. */
  readonly memory: Float32Array;
  private readonly numPaths: number;
  private readonly dim: number;
  private readonly numSteps: number;

  /** For `numSteps` steps of `numPaths` paths. */
  constructor(numSteps: number, numPaths: number, dim: number) {
    this.numSteps = numSteps;
    this.numPaths = numPaths;
    this.dim = dim;
    this.memory = new Float32Array(1 + numSteps * numPaths * (1 + dim));
  }

  /** Keep the ends of a step in the place of the oldest ones; lost paths get no weight. */
  put({ x, rnd }: Ends, lost: readonly number[]): void {
    const { numPaths, dim } = this;
    const at = (this.memory[0] % this.numSteps) * numPaths;
    const kept = this.kept;
    kept.rnd.set(rnd, at);
    for (const i of lost) kept.rnd[at + i] = Infinity;
    kept.x.set(x, at * dim);
    this.memory[0]++;
  }

  /** As many ends as a step has paths, drawn by weight. */
  draw(key: Key): Float32Array {
    const { numPaths, dim } = this;
    const filled = Math.min(this.memory[0], this.numSteps) * numPaths;
    const { rnd, x } = this.kept;
    const out = new Float32Array(numPaths * dim);
    resample(rnd.subarray(0, filled), numPaths, key).forEach((from, to) => {
      out.set(x.subarray(from * dim, (from + 1) * dim), to * dim);
    });
    return out;
  }

  private get kept(): Ends {
    const from = 1 + this.numSteps * this.numPaths;
    return { rnd: this.memory.subarray(1, from), x: this.memory.subarray(from) };
  }
}
