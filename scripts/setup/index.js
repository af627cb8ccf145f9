// Everything that a command needs before it runs; each part is skipped where it is up to date.
import { installPackages } from "./packages.js";
import { fetchTensorflowGpu } from "./gpu.js";
import { build } from "./build.js";
import { makeEnvironment } from "./venv.js";
import { registerKernel } from "./kernelspec.js";
import { SetupError, say } from "./step.js";

export async function setUp() {
  const start = performance.now();
  await installPackages();
  await fetchTensorflowGpu();
  await build();
  await makeEnvironment();
  registerKernel();
  say(`ready (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

/** Sets up and goes on; a step that cannot be done ends the process with its message.
 * @param {() => Promise<number>} next gives the exit code */
export async function setUpThen(next) {
  try {
    await setUp();
    process.exitCode = await next();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
