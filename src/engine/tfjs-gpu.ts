import { createRequire } from "node:module";

/** What the library asks of TensorFlow's GPU build for Node, an optional dependency. */
export interface TfjsGpu {
  getBackend(): string;
  setBackend(name: string): Promise<boolean>;
  backend(): { readonly isUsingGpuDevice?: boolean };
}

/** What became of an attempt to load it. */
export type TfjsGpuAttempt =
  | { readonly module: TfjsGpu; readonly gpu: boolean; readonly reason: string }
  | { readonly module: undefined; readonly gpu: false; readonly reason: string };

const PACKAGE = "@tensorflow/tfjs-node-gpu";

/** Whether the package is there at all, without loading it. */
export function tfjsGpuInstalled(from: string = import.meta.url): boolean {
  try {
    createRequire(from).resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/**
 * Load TensorFlow's GPU build for Node and select its backend; never throws.
 * @param from file URL or path of the module that would import it
 */
export async function loadTfjsGpu(from: string = import.meta.url): Promise<TfjsGpuAttempt> {
  if (!tfjsGpuInstalled(from)) {
    return { module: undefined, gpu: false, reason: `${PACKAGE} is not installed` };
  }
  try {
    const module = createRequire(from)(PACKAGE) as TfjsGpu;
    if (!(await module.setBackend("tensorflow"))) throw new Error('the backend "tensorflow" does not start');
    const gpu = module.backend().isUsingGpuDevice === true;
    return { module, gpu, reason: gpu ? "loads and uses the GPU" : "loads, but sees no CUDA 11.2 device" };
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { module: undefined, gpu: false, reason: `${PACKAGE} does not load: ${line}` };
  }
}
