// Everything that a command needs before it runs; each part is skipped where it is up to date.
import { installPackages } from "./packages.js";
import { fetchTensorflowGpu } from "./gpu.js";
import { build } from "./build.js";
import { makeEnvironment, pythonForEnvironment } from "./venv.js";
import { registerKernel } from "./kernelspec.js";
import { SetupError, say } from "./step.js";

/** @param {{ python: boolean }} needs whether notebooks or Jupyter will be run */
export async function setUp({ python }) {
  const start = performance.now();
  // Looked for first: whoever lacks Python hears of it before a minute of downloads.
  const chosen = python ? pythonForEnvironment() : undefined;
  await installPackages();
  await fetchTensorflowGpu();
  await build();
  if (chosen) await makeEnvironment(chosen);
  if (python) registerKernel();
  say(`ready (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

/** Sets up and goes on; a step that cannot be done ends the process with its message.
 * @param {() => Promise<number>} next gives the exit code
 * @param {{ python: boolean }} needs */
export async function setUpThen(next, needs = { python: true }) {
  try {
    await setUp(needs);
    process.exitCode = await next();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
