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

/** When to send SIGKILL: so many milliseconds after the process has said that it reached a step (0: after it began). */
export interface Moment {
  readonly step: number;
  readonly milliseconds: number;
}

/** Train in a process of its own, and kill it at a moment. */
export function trainInProcess(folder: string, kill?: Moment): Promise<Ending> {
  const began = performance.now();
  const child = spawn(process.execPath, [SCRIPT, folder], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err]: [string[], string[]] = [[], []];
  let armed = false;
  const arm = (): void => {
    const reached = kill !== undefined && (kill.step === 0 || out.join("").includes(`step ${kill.step}\n`));
    if (armed || !reached) return;
    armed = true;
    setTimeout(() => child.kill("SIGKILL"), kill.milliseconds);
  };
  arm();
  child.stdout.on("data", (text: Buffer) => {
    out.push(text.toString());
    arm();
  });
  child.stderr.on("data", (text: Buffer) => err.push(text.toString()));
  return new Promise((resolve, reject) => {
    child.once("close", (code, signal) => {
      const milliseconds = performance.now() - began;
      if (signal === "SIGKILL") return resolve({ killed: true, milliseconds });
      if (code !== 0) return reject(new Error(err.join("")));
      const result = JSON.parse(out.join("").split("\n").at(-1) ?? "") as Ending["result"];
      resolve({ killed: false, milliseconds, result });
    });
  });
}
