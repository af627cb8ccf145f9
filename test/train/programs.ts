import { normal } from "../../src/random/index.js";
import type { StepProgram } from "../../src/train/step.js";

/** Loss |p - c|² / 2 with noise in the gradient that depends on the step's key. */
export function noisyBowl(centre: readonly number[], noise: number = 0): StepProgram {
  return {
    run(params, { key }) {
      const z = normal(key, params.length);
      const gradient = params.map((p, i) => p - centre[i] + noise * z[i]);
      return { loss: params.reduce((sum, p, i) => sum + (p - centre[i]) ** 2 / 2, 0), gradient };
    },
  };
}

/** The same with momentum: gradients are added up, each earlier one worth 0.9 of the next. */
export function heavyBowl(centre: readonly number[], noise: number = 0): StepProgram {
  const bowl = noisyBowl(centre, noise);
  const momentum = new Float32Array(centre.length);
  return {
    memory: [momentum],
    async run(params, context) {
      const { loss, gradient } = await bowl.run(params, context);
      gradient.forEach((g, i) => (momentum[i] = 0.9 * momentum[i] + g));
      return { loss, gradient: momentum.slice() };
    },
  };
}

/** A program whose loss or gradient is replaced at some steps. */
export function faulty(
  program: StepProgram,
  replace: (step: number) => { loss?: number; gradient?: number } | undefined,
): StepProgram {
  return {
    async run(params, context) {
      const result = await program.run(params, context);
      const { loss = result.loss, gradient } = replace(context.step) ?? {};
      return { loss, gradient: gradient === undefined ? result.gradient : result.gradient.fill(gradient) };
    },
  };
}
