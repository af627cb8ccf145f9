import { key } from "../src/random/index.js";
import {
  kullbackLeiblerStep,
  logVarianceStep,
  modelOf,
  type ModelOptions,
} from "../src/samplers/path/index.js";
import { nineModes } from "../src/targets/index.js";
import type { StepProgram } from "../src/train/index.js";
import { bench } from "./harness.js";

const PUBLISHED: ModelOptions = { method: "dis", control: "published", detachScore: true };

/** Training steps, noise and gradient included, without the optimiser. */
function steps(
  options: ModelOptions,
  numSteps: number,
  make: (model: ReturnType<typeof modelOf>) => StepProgram,
) {
  const model = modelOf(nineModes(), options, numSteps);
  const params = model.init(key(1));
  const program = make(model);
  let step = 0;
  return async (): Promise<void> => {
    await program.run(params, { step, key: key(step++) });
  };
}

const logVariance = (numPaths: number, options = PUBLISHED) =>
  steps(options, 200, (model) => logVarianceStep(model, { numPaths }));

await bench([
  ...[512, 2048].map((paths) => ({
    id: `path/log-variance-${paths}`,
    work: `a log-variance step of DIS on nine modes, published network, ${paths} paths of 200 steps`,
    ours: logVariance(paths),
    peers: {
      jax: {
        module: "jax_path",
        name: "log_variance",
        args: { paths, steps: 200, chunk: paths > 1000 ? 1 : 4 },
      },
      torch: { module: "torch_path", name: "log_variance", args: { paths, steps: 200 } },
      "torch as published": {
        module: "torch_path",
        name: "log_variance",
        args: { paths, steps: 200, embed_paths: true },
      },
    },
  })),
  {
    id: "path/log-variance-tamed-512",
    work: "the same with the tamed control, 512 paths of 200 steps",
    ours: logVariance(512, { method: "dis", radius: 5 }),
  },
  {
    id: "path/kullback-leibler-512",
    work: "a KL step of DIS on nine modes through the simulation, 512 paths of 100 steps",
    ours: steps(PUBLISHED, 100, (model) => kullbackLeiblerStep(model, { numPaths: 512 })),
    peers: { jax: { module: "jax_path", name: "kullback_leibler", args: { paths: 512, steps: 100 } } },
  },
]);
