// Runs benchmark scripts one after the other, each in a process of its own; with --json their documents become one.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist, root } from "../setup/paths.js";

const folder = join(root, "bench");
const FLAGS = ["--peers", "--json"];

/** @typedef {{ machine: object, rows: object[] }} BenchDocument */

/** Names of the benchmarks: the scripts of bench/ but their harness. */
function benchmarks() {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((name) => name.endsWith(".ts") && name !== "harness.ts")
    .map((name) => name.slice(0, -3));
}

/** Runs one script; gives its exit code and, where it is kept, its stdout.
 * @param {string} name
 * @param {string[]} flags
 * @returns {Promise<{ code: number, output: string }>} */
function runOne(name, flags) {
  const register = new URL("./register.js", import.meta.url).href;
  const stdout = flags.includes("--json") ? "pipe" : "inherit";
  const args = ["--import", register, join(folder, `${name}.ts`), ...flags];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", stdout, "inherit"] });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk.toString()));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @param {string[]} words
 * @returns {Promise<number>} the exit code: 2 for a name or flag that does not exist */
export async function runBenchmarks(words) {
  const flags = words.filter((word) => word.startsWith("-"));
  const names = words.filter((word) => !word.startsWith("-"));
  const known = benchmarks();
  const unknown = [
    ...flags.filter((flag) => !FLAGS.includes(flag)),
    ...names.filter((name) => !known.includes(name)),
  ];
  if (unknown.length > 0) {
    const { unknownName } = await import(pathToFileURL(join(dist, "core", "errors.js")).href);
    console.error(unknownName("bench", unknown[0], unknown[0].startsWith("-") ? FLAGS : known).message);
    return 2;
  }
  if (names.length === 0) {
    console.log(
      `Usage: npm run bench -- NAME... [--peers] [--json]\n\nNames: ${known.join(", ") || "none yet"}`,
    );
    return 0;
  }
  return runAll(names, flags);
}

/** @param {string[]} names
 * @param {string[]} flags */
async function runAll(names, flags) {
  let worst = 0;
  /** @type {BenchDocument | undefined} */
  let all;
  for (const name of names) {
    const { code, output } = await runOne(name, flags);
    worst ||= code;
    if (!flags.includes("--json") || code !== 0) continue;
    /** @type {BenchDocument} */
    const document = JSON.parse(output);
    all = { machine: document.machine, rows: [...(all?.rows ?? []), ...document.rows] };
  }
  if (flags.includes("--json")) console.log(JSON.stringify(all ?? { machine: null, rows: [] }, null, 2));
  return worst;
}
