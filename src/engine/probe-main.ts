// A process of its own: a GPU library without its GPU may print, hang or crash, and must do so elsewhere.
// usage: node probe-main.js cuda|webgpu|tfjs-gpu [FROM]; the verdict is the last line on standard output.
import { verifyProvider } from "./probe-model.js";
import { loadTfjsGpu } from "./tfjs-gpu.js";

async function verdict(
  device: string,
  from: string | undefined,
): Promise<{ usable: boolean; reason: string }> {
  if (device === "tfjs-gpu") {
    const { module, gpu, reason } = await loadTfjsGpu(from);
    return { usable: module !== undefined && gpu, reason };
  }
  try {
    await verifyProvider(device);
    return { usable: true, reason: "loads and agrees with the CPU" };
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { usable: false, reason: line };
  }
}

void verdict(process.argv[2], process.argv[3]).then((result) => {
  process.stdout.write(`\n${JSON.stringify(result)}\n`);
});
