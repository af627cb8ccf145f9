import { navierStokes } from "../src/pde/index.js";
import { key, normal } from "../src/random/index.js";
import { bench, type BenchRow } from "./harness.js";

const STEPS = 10;
const BATCH = 16;

/** Time steps of a batch of flows, in one call. */
function steps(size: number): BenchRow {
  const cells = BATCH * size * size;
  const solver = navierStokes({
    size,
    viscosity: 1 / 500,
    dt: 0.02,
    forcing: normal(key(1), cells).map((z) => z / 100),
    maxCfl: 1e3,
  });
  const start = solver.init(normal(key(0), cells).map((z) => z / 100));
  return {
    id: `navier-stokes/step-${size}`,
    work: `${STEPS} steps of ${BATCH} flows at ${size} squared`,
    ours: () => solver.step(start, STEPS),
    peers: {
      scipy: { module: "scipy_navier_stokes", name: "steps", args: { size, batch: BATCH, steps: STEPS } },
    },
  };
}

await bench([64, 128, 256].map(steps));
