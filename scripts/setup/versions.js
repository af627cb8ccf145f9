// Versions as arrays of numbers, and what this project needs.

/** Oldest versions that work: `require` of ES modules came with Node 20.19, JupyterLab 4.6 wants Python 3.10. */
export const NEEDED = { node: [20, 19], python: [3, 10] };

/** "v20.19.1" or "3.11.2" as [20, 19, 1]; an empty array where there is no version in the text.
 * @param {string} text */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? match.slice(1).filter(Boolean).map(Number) : [];
}

/** Whether `version` is `needed` or later.
 * @param {number[]} version
 * @param {number[]} needed */
export function isAtLeast(version, needed) {
  for (let i = 0; i < needed.length; i++) {
    const part = version[i] ?? 0;
    if (part !== needed[i]) return version.length > 0 && part > needed[i];
  }
  return version.length > 0;
}

/** What to say about a Node that is too old; undefined where it is right.
 * @param {string} found as in `process.version` */
export function nodeComplaint(found) {
  if (isAtLeast(parseVersion(found), NEEDED.node)) return undefined;
  return (
    `Node ${NEEDED.node.join(".")} or later is needed, this is ${found}. ` +
    "Install a newer one (nodejs.org, or your system's packages; versions 20, 22 and 24 are right) and start again."
  );
}

/** What to say where no Python fits.
 * @param {{ command: string, version: string, problem: string }[]} tried
 * @param {string} platform as in `process.platform` */
export function pythonComplaint(tried, platform) {
  const seen = tried.map((one) => `  ${one.command}: ${one.problem}`);
  return [
    `Python ${NEEDED.python.join(".")} or later is needed, ${tried.length === 0 ? "none was found." : "but:"}`,
    ...seen,
    `Install it (${pythonAdvice(platform)}) and start again; SCOREBOOK_PYTHON may name the one to use.`,
  ].join("\n");
}

/** @param {string} platform */
function pythonAdvice(platform) {
  if (platform === "win32") return "winget install Python.Python.3.12";
  if (platform === "darwin") return "brew install python, or python.org";
  return "Debian and Ubuntu: apt-get install python3 python3-venv; Fedora: dnf install python3";
}
