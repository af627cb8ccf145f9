import { availableParallelism, cpus } from "node:os";
import { describeDevice } from "../../engine/index.js";
import { answerOf } from "./answer.js";
import { finding } from "./finding.js";
import type { Finding } from "./finding.js";

const HOW_TO_ADD_TENSORFLOW =
  "TensorFlow's GPU library (Linux or Windows, NVIDIA driver, CUDA 11.2, cuDNN 8.1, Node up to 22): " +
  "npm rebuild @tensorflow/tfjs-node-gpu --ignore-scripts=false; then SCOREBOOK_DEVICE=tfjs-gpu";

/** The processor, the GPUs, the device in use and why the others are not. */
export async function device(): Promise<Finding[]> {
  return [threads(), gpu(), ...(await used())];
}

function threads(): Finding {
  const model = cpus()[0]?.model.trim() ?? "unknown";
  const set = process.env.SCOREBOOK_THREADS;
  const from = set ? `SCOREBOOK_THREADS=${set}` : "all of them; SCOREBOOK_THREADS sets another number";
  return finding("processor", model, true, `${availableParallelism()} threads at the same time: ${from}`);
}

function gpu(): Finding {
  const found = answerOf("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"]);
  return finding("NVIDIA GPU", found?.split("\n").join("; ") ?? "none (nvidia-smi does not answer)");
}

async function used(): Promise<Finding[]> {
  try {
    const { device: name, provider, threads: count, reason, tried, howToAddCuda } = await describeDevice();
    const others = tried
      .filter((attempt) => attempt.device !== name)
      .map((attempt) => `${attempt.device}: ${attempt.reason}`);
    return [
      finding("device", `${name}, by ${provider}, ${count} threads: ${reason}`, true, ...others),
      finding("to add CUDA", "either of two", true, howToAddCuda, HOW_TO_ADD_TENSORFLOW),
    ];
  } catch (error) {
    return [finding("device", "not usable", false, (error as Error).message, HOW_TO_ADD_TENSORFLOW)];
  }
}
