// npm packages, from the lock file.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { modules, root } from "./paths.js";
import { cleanEnvironment, run } from "./process.js";
import { hashOf, isFresh, writeStamp } from "./stamps.js";
import { SetupError, step, tail } from "./step.js";

const stamp = join(modules, ".scorebook");

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} Locked */
/** @typedef {{ packages: Record<string, Locked> }} Lock */

/** Locked packages that are missing or of another version, by their folder. Optional ones may be missing.
 * @param {Lock} locked package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 * @param {(folder: string) => boolean} isThere */
export function outOfDate(locked, installed, isThere) {
  return Object.entries(locked.packages)
    .filter(([folder, { version, optional }]) => {
      if (folder === "") return false;
      const found = installed.packages[folder];
      if (found === undefined) return !optional;
      return found.version !== version || !isThere(folder);
    })
    .map(([folder]) => folder);
}

/** What is in node_modules already, made by us or by an `npm install` typed first, is kept where it is right. */
function isInstalled() {
  const installed = join(modules, ".package-lock.json");
  if (!existsSync(installed)) return false;
  try {
    const [lock, found] = [join(root, "package-lock.json"), installed].map((file) =>
      JSON.parse(readFileSync(file, "utf8")),
    );
    return outOfDate(lock, found, (folder) => existsSync(join(root, folder, "package.json"))).length === 0;
  } catch {
    return false;
  }
}

/** npm as a command: the one that started us, else the one on the PATH. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith("npm-cli.js") && existsSync(cli))
    return { command: process.execPath, args: [cli], shell: false };
  return { command: "npm", args: [], shell: process.platform === "win32" };
}

/** Runs npm in the checkout. CUDA files are left out, they come from elsewhere than the registry.
 * @param {string[]} words */
export function npm(words) {
  const { command, args, shell } = npmCommand();
  const env = { ...cleanEnvironment(), ONNXRUNTIME_NODE_INSTALL: "skip" };
  return run(command, [...args, ...words], { cwd: root, env, shell });
}

export async function installPackages() {
  const hash = hashOf(root, [join(root, "package-lock.json"), join(root, "package.json")]);
  if (isFresh(stamp, hash)) return;
  if (isInstalled()) return writeStamp(stamp, hash);
  await step("npm packages from the lock file (1.1 GB, about a minute)", async () => {
    const flags = ["--include=dev", "--include=optional", "--prefer-offline", "--no-audit", "--no-fund"];
    const { code, output } = await npm(["ci", ...flags, "--loglevel=error"]);
    if (code === 127) throw new SetupError("npm was not found: it comes with Node, install both again.");
    if (code !== 0) throw new SetupError(`npm ci failed (is the npm registry reachable?):\n${tail(output)}`);
    writeStamp(stamp, hash);
  });
}
