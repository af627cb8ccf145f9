// Which Python makes the environment.
import { NEEDED, isAtLeast, parseVersion, pythonComplaint } from "./versions.js";
import { answerOf } from "./process.js";
import { SetupError } from "./step.js";

const PROBE =
  "import sys, importlib.util as u; print('%d.%d.%d' % sys.version_info[:3], 'venv' if u.find_spec('venv') else 'bare')";

/** The commands to try, in order of preference.
 * @param {string} platform
 * @param {string | undefined} wanted SCOREBOOK_PYTHON */
export function pythonCandidates(platform, wanted) {
  if (wanted) return [[wanted]];
  const numbered = [13, 12, 11, 10, 14].map((minor) => [`python3.${minor}`]);
  return platform === "win32"
    ? [["py", "-3"], ["python"], ["python3"]]
    : [["python3"], ["python"], ...numbered];
}

/** What is wrong with a Python, from its answer to the probe; undefined where it is right.
 * @param {string | undefined} answer */
export function pythonProblem(answer) {
  if (answer === undefined) return "not found";
  const [version, venv] = answer.split(/\s+/);
  if (!isAtLeast(parseVersion(version), NEEDED.python)) return `version ${version} is too old`;
  return venv === "venv" ? undefined : `version ${version} has no module venv (apt-get install python3-venv)`;
}

/** The command of the first Python that fits. @throws SetupError that says what to install */
export function findPython() {
  const tried = [];
  for (const command of pythonCandidates(process.platform, process.env.SCOREBOOK_PYTHON)) {
    const answer = answerOf(command[0], [...command.slice(1), "-c", PROBE]);
    const version = answer?.split(/\s+/)[0] ?? "";
    const problem = pythonProblem(answer);
    if (problem === undefined) return command;
    if (answer !== undefined || process.env.SCOREBOOK_PYTHON)
      tried.push({ command: command.join(" "), version, problem });
  }
  throw new SetupError(pythonComplaint(tried, process.platform));
}
