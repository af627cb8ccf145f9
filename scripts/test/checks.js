// Runs the checks one after the other; one that fails does not keep the others from running.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { modules, root } from "../setup/paths.js";
import { runAttached } from "../setup/process.js";
import { plan } from "./plan.js";

/** Tests passed and failed; a check without a report counts as one.
 * @param {{ report?: string }} check
 * @param {number} code */
function count({ report }, code) {
  const file = report && join(root, report);
  const none = { passed: 0, failed: 0 };
  if (!file) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  if (!existsSync(file)) return { ...none, failed: code === 0 ? 0 : 1 };
  const { numPassedTests: passed, numFailedTests } = JSON.parse(readFileSync(file, "utf8"));
  // A file that does not load fails without a failed test.
  return { passed, failed: Math.max(numFailedTests, code === 0 ? 0 : 1) };
}

/** @param {import("./plan.js").Check} check */
async function runCheck(check) {
  if (check.report) rmSync(join(root, check.report), { force: true });
  console.log(`\n=== ${check.name}`);
  const start = performance.now();
  const [file, ...args] = check.command;
  const code = await runAttached(process.execPath, [join(modules, file), ...args], { cwd: root });
  const seconds = (performance.now() - start) / 1000;
  console.log(`=== ${check.name}: ${code === 0 ? "ok" : `failed (exit ${code})`}, ${seconds.toFixed(1)} s`);
  return { name: check.name, code, seconds, ...count(check, code) };
}

/** @param {string[]} words
 * @returns {Promise<number>} exit code of the first check that failed */
export async function runChecks(words) {
  let checks;
  try {
    checks = plan(words);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  mkdirSync(join(root, "out", "test"), { recursive: true });
  /** @type {Awaited<ReturnType<typeof runCheck>>[]} */
  const results = [];
  for (const check of checks) results.push(await runCheck(check));
  console.log("");
  for (const { name, code, seconds, passed, failed } of results) {
    const verdict = code === 0 ? "ok" : "failed";
    console.log(
      `${name.padEnd(8)} ${verdict.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s  ${passed} passed, ${failed} failed`,
    );
  }
  const total = (/** @type {"passed" | "failed"} */ key) => results.reduce((sum, one) => sum + one[key], 0);
  console.log(`checks: ${total("passed")} passed, ${total("failed")} failed`);
  return results.find((one) => one.code !== 0)?.code ?? 0;
}
