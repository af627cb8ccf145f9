import { fillNormal, key, permutation, uniform } from "../src/random/index.js";
import { bench } from "./harness.js";

const N = 10_000_000;
const out = new Float64Array(N);
const args = { length: N };

await bench([
  {
    id: "random/normal",
    work: "10,000,000 standard normals on one thread",
    ours: () => fillNormal(key(1), out),
    peers: {
      numpy: { module: "numpy_random", name: "normal", args },
      "numpy-philox": { module: "numpy_random", name: "normal_philox", args },
      jax: { module: "jax_random", name: "normal", args },
    },
    units: { count: N, name: "normals" },
  },
  {
    id: "random/uniform",
    work: "10,000,000 uniforms on one thread",
    ours: () => uniform(key(1), N),
    peers: {
      numpy: { module: "numpy_random", name: "uniform", args },
      jax: { module: "jax_random", name: "uniform", args },
    },
    units: { count: N, name: "uniforms" },
  },
  {
    id: "random/permutation",
    work: "a random order of 1,000,000",
    ours: () => permutation(key(1), 1_000_000),
    peers: { numpy: { module: "numpy_random", name: "permutation", args: { length: 1_000_000 } } },
    units: { count: 1_000_000, name: "entries" },
  },
]);
