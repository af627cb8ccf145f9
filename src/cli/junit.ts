import type { NotebookResult, RunDocument } from "./document.js";

/** A run as JUnit XML: a suite a notebook, a case for its execution and one for each check. */
export function junit({ notebooks }: RunDocument): string {
  const suites = notebooks.map(suite);
  const total = (key: "tests" | "failures"): number => suites.reduce((sum, one) => sum + one[key], 0);
  const seconds = notebooks.reduce((sum, one) => sum + one.seconds, 0);
  const counts = `tests="${total("tests")}" failures="${total("failures")}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="scorebook" ${counts} time="${seconds.toFixed(1)}">`,
    ...suites.map(({ text }) => text),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite({ notebook, seconds, checks, error }: NotebookResult) {
  const executed = error ? `${error.name}${error.cell === null ? "" : ` in cell ${error.cell}`}` : undefined;
  const cases = [testCase(notebook, "execution", seconds, executed, error?.message ?? "")];
  for (const { id, statement, value, low, high, pass } of checks) {
    const detail = `${statement}: ${value}, wanted ${low ?? "-∞"} to ${high ?? "∞"}`;
    cases.push(testCase(notebook, id, 0, pass ? undefined : "out of bounds", detail));
  }
  const failures = checks.filter(({ pass }) => !pass).length + (error ? 1 : 0);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
  const text = [
    `  <testsuite name="${xml(notebook)}" ${counts} time="${seconds.toFixed(1)}">`,
    ...cases,
    "  </testsuite>",
  ].join("\n");
  return { tests: cases.length, failures, text };
}

function testCase(suite: string, name: string, seconds: number, failure: string | undefined, detail: string) {
  const start = `    <testcase classname="${xml(suite)}" name="${xml(name)}" time="${seconds.toFixed(1)}"`;
  if (failure === undefined) return `${start}/>`;
  return `${start}><failure message="${xml(failure)}">${xml(detail)}</failure></testcase>`;
}

/** Text for XML 1.0: its own characters escaped, those that it forbids left out. */
function xml(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "")
      .replace(/[&<>"']/g, (character) => names[character])
      .replace(/\n/g, "&#10;")
  );
}
