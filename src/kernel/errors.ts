import { inspect } from "node:util";
import type { Positions } from "./positions.js";
import type { ErrorContent } from "./threads.js";
import { red, traceback } from "./traceback.js";
import type { CodeOf } from "./traceback.js";

/** What a cell ends with when it is interrupted. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";

  constructor() {
    super("the cell was interrupted");
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** What TypeScript says about a place in a cell, or in a file beside the notebook. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const CAUSES = 5;

/** The error of a cell that TypeScript refuses. */
export function typeError(found: readonly Diagnostic[], code: string): ErrorContent {
  const places: { head: Diagnostic; texts: string[] }[] = [];
  for (const diagnostic of found) {
    const last = places.at(-1);
    const same = last?.head.line === diagnostic.line && last.head.column === diagnostic.column;
    if (last && same && last.head.file === diagnostic.file) last.texts.push(diagnostic.text);
    else places.push({ head: diagnostic, texts: [diagnostic.text] });
  }
  const [first] = places;
  const more = places.length > 1 ? ` and ${places.length - 1} more` : "";
  const at = `${first.head.file ? `${first.head.file.trim()} ` : ""}line ${first.head.line}, column ${first.head.column}`;
  return {
    ename: "TypeScriptError",
    evalue: `${first.texts.join(" ")} (${at})${more}`,
    traceback: places.flatMap(({ head, texts }) => describe(head, texts, code)),
  };
}

function describe(
  { file, line, column }: Diagnostic,
  [text, ...details]: readonly string[],
  code: string,
): string[] {
  const place = `${file}line ${line}, column ${column}`;
  const source = file === "" ? code.split("\n")[line - 1] : undefined;
  const pointer = source === undefined ? [] : [`  ${source}`, `  ${" ".repeat(column - 1)}${red("^")}`];
  return [
    `${red("TypeScriptError")}: ${place}: ${text}`,
    ...details.map((detail) => `  ${detail}`),
    ...pointer,
  ];
}

/** The error of a cell that throws; a thrown value that is no error is shown as it is. */
export function runtimeError(thrown: unknown, positions: Positions, codeOf: CodeOf): ErrorContent {
  if (!isError(thrown))
    return { ename: "Thrown", evalue: inspect(thrown), traceback: [red(`Thrown: ${inspect(thrown)}`)] };
  const lines = traceback(thrown, positions, codeOf);
  let cause: unknown = thrown.cause;
  for (let i = 0; i < CAUSES && isError(cause); i++, cause = cause.cause)
    lines.push("caused by", ...traceback(cause, positions, codeOf));
  return { ename: thrown.name || "Error", evalue: thrown.message, traceback: lines };
}

/** Errors of other realms, such as a worker's, are errors too. */
function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === "object" && value !== null && "stack" in value && "message" in value)
  );
}
