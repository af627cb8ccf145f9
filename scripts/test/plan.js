// What `npm test` runs, from its words.

/** @typedef {{ name: string, command: string[], report?: string }} Check */

const STATIC = [
  { name: "types", command: ["typescript/bin/tsc"] },
  { name: "lint", command: ["eslint/bin/eslint.js", ".", "--max-warnings", "0"] },
  { name: "format", command: ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."] },
];
const PROJECTS = ["unit", "kernel", "browser", "slow"];

/** Names of all checks. */
export const CHECKS = [...STATIC.map((check) => check.name), ...PROJECTS];

/** @param {string} project
 * @param {string[]} names */
function vitest(project, names) {
  const report = `out/test/${project}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = [
    "vitest/vitest.mjs",
    "run",
    "--project",
    project,
    "--passWithNoTests",
    ...reporters,
    ...names,
  ];
  return { name: project, command, report };
}

/** The checks to run, in order; files below node_modules, with their arguments.
 * @param {string[]} words
 * @returns {Check[]} */
export function plan(words) {
  /** @type {string[]} */
  const names = [];
  let only = CHECKS.filter((name) => name !== "slow");
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "--slow") only.push("slow");
    else if (words[i] === "--only") only = (words[++i] ?? "").split(",");
    else if (words[i].startsWith("-"))
      throw new Error(`unknown flag ${words[i]}: --slow, --only ${CHECKS.join(",")}`);
    else names.push(words[i]);
  }
  const unknown = only.find((name) => !CHECKS.includes(name));
  if (unknown !== undefined) throw new Error(`--only: no check "${unknown}", there are ${CHECKS.join(", ")}`);
  const all = [...STATIC, ...PROJECTS.map((project) => vitest(project, names))];
  return all.filter((check) => only.includes(check.name));
}
