import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./fixtures/fit-in-a-process.js", import.meta.url));

/** How a training process ended: what it found, unless it was killed before. */
export interface Ending {
  readonly killed: boolean;
  readonly milliseconds: number;
  readonly result?: {
    readonly bits: string;
    readonly resumedAt?: number;
    readonly warnings: readonly string[];
  };
}

/**
 * When SIGKILL comes: so many milliseconds after the process began (step 0), or after a step that evaluates, in which case
 * the process sees to it by itself: on a busy machine a signal from here might come after its end.
 */
export interface Moment {
  readonly step: number;
  readonly milliseconds: number;
}

/** Train in a process of its own, and kill it at a moment. */
export function trainInProcess(folder: string, kill?: Moment): Promise<Ending> {
  const began = performance.now();
  const moment = kill === undefined || kill.step === 0 ? [] : [String(kill.step), String(kill.milliseconds)];
  const child = spawn(process.execPath, [SCRIPT, folder, ...moment], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err]: [string[], string[]] = [[], []];
  if (kill?.step === 0) setTimeout(() => child.kill("SIGKILL"), kill.milliseconds);
  child.stdout.on("data", (text: Buffer) => out.push(text.toString()));
  child.stderr.on("data", (text: Buffer) => err.push(text.toString()));
  return new Promise((resolve, reject) => {
    child.once("close", (code, signal) => {
      const milliseconds = performance.now() - began;
      if (signal === "SIGKILL") return resolve({ killed: true, milliseconds });
      if (code !== 0) return reject(new Error(err.join("")));
      const result = JSON.parse(out.join("")) as Ending["result"];
      resolve({ killed: false, milliseconds, result });
    });
  });
}
