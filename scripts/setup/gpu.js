// TensorFlow's GPU library, only where there is an NVIDIA GPU: its own script downloads it, 400 MB, from outside the npm registry.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modules } from "./paths.js";
import { npm } from "./packages.js";
import { answerOf } from "./process.js";
import { say } from "./step.js";

const folder = join(modules, "@tensorflow", "tfjs-node-gpu");
const tried = join(folder, ".scorebook");

/** Whether TensorFlow's library is worth a try: wanted, missing, not tried before. */
function isWorthATry() {
  if (process.platform === "darwin" || !existsSync(folder) || existsSync(tried)) return false;
  if (existsSync(join(folder, "deps", "lib"))) return false;
  return answerOf("nvidia-smi", ["-L"]) !== undefined;
}

/** Never fails: everything runs without it. */
export async function fetchTensorflowGpu() {
  if (!isWorthATry()) return;
  say("an NVIDIA GPU is here: fetching TensorFlow's library for @tensorflow/tfjs-node-gpu (400 MB) ...");
  const { code } = await npm(["rebuild", "@tensorflow/tfjs-node-gpu", "--ignore-scripts=false"]);
  writeFileSync(tried, "");
  say(code === 0 ? "TensorFlow's GPU library is there" : "it could not be had; everything runs without it");
}
