// The project's own Python environment: JupyterLab and nbclient, pinned.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, venv, venvPython } from "./paths.js";
import { answerOf, cleanEnvironment, run } from "./process.js";
import { findPython } from "./python.js";
import { hashOf, isFresh, writeStamp } from "./stamps.js";
import { SetupError, step, tail } from "./step.js";

const stamp = join(venv, ".scorebook");
const requirements = join(root, "requirements.txt");
const pip = join(root, "scripts", "vendor", "pip-25.3-py3-none-any.whl");
const pipHash = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd";

/** The environment's own Python version; empty where it does not start (its Python was removed, say). */
function versionInside() {
  const python = venvPython();
  if (!existsSync(python)) return "";
  return answerOf(python, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]) ?? "";
}

function checkPip() {
  const found = createHash("sha256").update(readFileSync(pip)).digest("hex");
  if (found !== pipHash) throw new SetupError(`scripts/vendor: pip's wheel is damaged (SHA-256 ${found})`);
}

/** The same on every machine: an environment without pip, filled by pip run from its wheel.
 * @param {string[]} command the Python that makes it */
async function fill(command) {
  checkPip();
  rmSync(venv, { recursive: true, force: true });
  const env = cleanEnvironment();
  const made = await run(command[0], [...command.slice(1), "-m", "venv", "--without-pip", venv], { env });
  if (made.code !== 0) {
    const advice = "on Debian and Ubuntu: apt-get install python3-venv";
    throw new SetupError(`${command.join(" ")} -m venv failed (${advice}):\n${tail(made.output)}`);
  }
  const flags = [
    "--only-binary=:all:",
    "--no-warn-script-location",
    "--disable-pip-version-check",
    "--quiet",
  ];
  const filled = await run(venvPython(), [`${pip}/pip`, "install", ...flags, "-r", requirements], { env });
  if (filled.code !== 0) throw new SetupError(`pip failed (is PyPI reachable?):\n${tail(filled.output)}`);
}

/** The Python that the environment is to be made with; undefined where the environment is up to date.
 * @throws SetupError where there is none that fits */
export function pythonForEnvironment() {
  const inside = versionInside();
  return inside !== "" && isFresh(stamp, hashOf(root, [requirements], [inside])) ? undefined : findPython();
}

/** @param {string[]} python the command */
export async function makeEnvironment(python) {
  await step("Python environment .venv with JupyterLab (250 MB, about half a minute)", async () => {
    await fill(python);
    writeStamp(stamp, hashOf(root, [requirements], [versionInside()]));
  });
}
