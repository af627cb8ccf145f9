import { swissRoll } from "../src/data/index.js";
import { key, normal } from "../src/random/index.js";
import { empirical } from "../src/score/index.js";
import { train, type TrainingState } from "../src/score/wasserstein-proximal/index.js";
import { varianceExploding } from "../src/sde/index.js";
import { bench } from "./harness.js";

const STEPS = 200;
const KERNELS = 1000;

/** Steps of a run that goes on from call to call, what a call prepares included. */
function training(dim: 2 | 6): () => Promise<void> {
  const toy = swissRoll({ dim });
  const [data, centres] = [toy.sample(key(1), 5_000), toy.sample(key(2), KERNELS)];
  let state: TrainingState | undefined;
  return async () => {
    const numSteps = (state?.step ?? 0) + STEPS;
    const run = await train(data, {
      dim,
      key: key(0),
      centres,
      numSteps,
      stepSize: 1e-3,
      ...(state && { state }),
    });
    state = run.state;
  };
}

function kernelRow(dim: 2 | 6): Parameters<typeof bench>[0][number] {
  const args = { dim, kernels: KERNELS, steps: STEPS };
  return {
    id: `wasserstein-proximal/kernel-model-${dim}`,
    work: `${STEPS} steps of the kernel model in ${dim} dimensions: ${KERNELS} kernels, 5 x 64 GELU, batch 64`,
    ours: training(dim),
    peers: { torch: { module: "torch_kernel_model", name: "steps", args } },
  };
}

const [COUNT, WIDTH, QUERIES] = [50_000, 784, 64];
const exact = empirical(normal(key(3), COUNT * WIDTH), {
  dim: WIDTH,
  process: varianceExploding({ horizon: 1e4 }),
});
const queries = normal(key(4), QUERIES * WIDTH);

await bench([
  kernelRow(2),
  kernelRow(6),
  {
    id: "wasserstein-proximal/empirical-784",
    work: `exact score of ${COUNT.toLocaleString("en")} points of ${WIDTH} numbers at ${QUERIES} places, float64`,
    ours: () => exact.score(100, queries),
    peers: {
      numpy: {
        module: "numpy_empirical",
        name: "score",
        args: { count: COUNT, dim: WIDTH, queries: QUERIES },
      },
    },
  },
]);
