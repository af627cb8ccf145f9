import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ArgumentError } from "../../core/errors.js";
import { root } from "../../notebook/environment.js";
import { EXIT, JSON_FLAG } from "../command.js";
import type { Command } from "../command.js";
import { agree, compare } from "../compare.js";
import type { CheckDifference, Compared } from "../compare.js";
import { shownPath } from "../document.js";
import { boundText, numberText, textTable } from "../report.js";
import { resultsFile } from "../results.js";

export const diff: Command = {
  name: "diff",
  summary: "Compares a run with the committed results, check by check, within their intervals.",
  operands: "[A] [B]",
  flags: [{ name: "all", text: "show the checks that agree, too" }, JSON_FLAG],
  notes: [
    "A is a document of `scorebook run --json`, a run's folder, or - for standard input (out/); B is what it is",
    "compared with (figures/results.json). A value is held to B's interval, or to its own where the parameters differ.",
    "Exit code 1 where a value lies outside, a check of B is missing, or a notebook of A failed.",
  ],
  run: ({ operands, given }) => {
    if (operands.length > 2) throw new ArgumentError("B", operands[2], "two documents at most");
    const [a = process.env.SCOREBOOK_OUT ?? join(root, "out"), b = resultsFile] = operands;
    const now = read("A", a);
    const differences = compare(now, read("B", b));
    const broken = now.flatMap(({ notebook, status = "ok" }) =>
      status === "ok" ? [] : [{ notebook, status }],
    );
    const fine = agree(differences) && broken.length === 0;
    const document = { a: nameOf(a), b: nameOf(b), agree: fine, broken, checks: differences };
    process.stdout.write(
      given.has("json")
        ? `${JSON.stringify(document, null, 2)}\n`
        : `${[...broken.map(({ notebook, status }) => `${notebook}: ${status}`), text(differences, given.has("all"))].join("\n")}\n`,
    );
    return Promise.resolve(fine ? EXIT.ok : EXIT.failed);
  },
};

function nameOf(path: string): string {
  return path === "-" ? "standard input" : shownPath(resolve(path));
}

/** The notebooks of a document, or of the runs in a folder. @throws ArgumentError for what is neither */
function read(argument: string, path: string): readonly Compared[] {
  const expected = "a document of `scorebook run --json`, or a folder with runs/";
  if (path !== "-" && !existsSync(path)) throw new ArgumentError(argument, path, expected);
  if (path !== "-" && statSync(path).isDirectory()) return readRuns(argument, join(path, "runs"));
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path === "-" ? 0 : path, "utf8"));
  } catch {
    throw new ArgumentError(argument, path, expected);
  }
  const { notebooks } = (document ?? {}) as { notebooks?: unknown };
  if (!Array.isArray(notebooks) || notebooks.length === 0 || !notebooks.every(isCompared))
    throw new ArgumentError(argument, path, expected);
  return notebooks;
}

function readRuns(argument: string, folder: string): Compared[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (names.length === 0)
    throw new ArgumentError(argument, folder, "a folder with a run: `scorebook run` makes one");
  return names.sort().flatMap((name) => {
    const record: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return isCompared(record) ? [record] : [];
  });
}

function isCompared(value: unknown): value is Compared {
  const { notebook, checks, params } = (value ?? {}) as Partial<Compared>;
  return (
    typeof notebook === "string" && Array.isArray(checks) && typeof params === "object" && params !== null
  );
}

function text(differences: readonly CheckDifference[], all: boolean): string {
  const shown = differences.filter(({ status }) => all || status !== "agrees");
  const head = ["check", "run", "reference", "interval", "held to", "verdict"];
  const rows = shown.map((one) => [
    `${one.notebook}: ${one.id}`,
    numberText(one.value),
    numberText(one.reference),
    boundText(one.low, one.high),
    one.sameParams ? "reference" : "its own",
    one.status === "outside" ? "OUTSIDE" : one.status === "missing" ? "MISSING" : one.status,
  ]);
  const count = (status: string): number => differences.filter((one) => one.status === status).length;
  const tally = ["agrees", "new", "outside", "missing"]
    .map((status) => `${count(status)} ${status}`)
    .join(", ");
  return [...(rows.length > 0 ? [textTable(head, rows), ""] : []), tally.replace("agrees", "agree")].join(
    "\n",
  );
}
