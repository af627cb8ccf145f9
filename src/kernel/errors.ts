import { relative } from "node:path";
import { inspect } from "node:util";
import { inSource } from "./positions.js";
import type { Positions } from "./positions.js";
import type { ErrorContent } from "./threads.js";

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

/** The code of the cell whose script has this name. */
export type CodeOf = (script: string) => string | undefined;

/** Frames of a library that are shown in a row; the rest is counted. */
const SHOWN = 4;
const CAUSES = 5;
/** Characters of a source line that are shown. */
const WIDTH = 80;

const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;

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
  const traceback = trace(thrown, positions, codeOf);
  let cause: unknown = thrown.cause;
  for (let i = 0; i < CAUSES && isError(cause); i++, cause = cause.cause)
    traceback.push("caused by", ...trace(cause, positions, codeOf));
  return { ename: thrown.name || "Error", evalue: thrown.message, traceback };
}

/** Errors of other realms, such as a worker's, are errors too. */
function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === "object" && value !== null && "stack" in value && "message" in value)
  );
}

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function trace(error: Error, positions: Positions, codeOf: CodeOf): string[] {
  const lines = [`${red(error.name || "Error")}: ${error.message}`];
  let [shown, hidden] = [0, 0];
  const fold = () => {
    if (hidden > 0) lines.push(`    … ${hidden} more`);
    [shown, hidden] = [0, 0];
  };
  for (const frame of frames(error)) {
    const source = codeOf(frame.file);
    if (source !== undefined) {
      const at = positions.inCell(frame.file, frame);
      if (!at) continue;
      fold();
      const place = green(`${frame.file.replace(".ts", "").replace("-", " ")}, line ${at.line}`);
      lines.push(
        `    at ${frame.name ? `${frame.name} ` : ""}${place}`,
        `      > ${excerpt(source, at.line)}`,
      );
    } else if (foreign(frame.file) || shown >= SHOWN) hidden++;
    else {
      shown++;
      const { file, line } = inSource(frame.file, frame);
      lines.push(`    at ${frame.name ? `${frame.name} ` : ""}(${relative(process.cwd(), file)}:${line})`);
    }
  }
  fold();
  return lines;
}

function excerpt(source: string, line: number): string {
  const text = source.split("\n")[line - 1]?.trim() ?? "";
  return text.length > WIDTH ? `${text.slice(0, WIDTH)} …` : text;
}

/** The kernel's and tslab's own frames and Node's are left out. */
function frames(error: Error): Frame[] {
  const found: Frame[] = [];
  for (const text of String(error.stack).split("\n")) {
    const match = /^\s+at (?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(text);
    if (!match || OWN.test(match[2])) continue;
    const name = (match[1] ?? "").replace(/^async /, "").replace(/^(?:Object|Module|Proxy)\./, "");
    found.push({
      name: name === "<anonymous>" ? "" : name,
      file: match[2].replace(/^async /, ""),
      line: Number(match[3]),
      column: Number(match[4]),
    });
  }
  return found;
}

const OWN = /^(async )?node:|[/\\]node_modules[/\\](tslab|@tslab)[/\\]|[/\\]dist[/\\]kernel[/\\]/;

function foreign(file: string): boolean {
  return /[/\\]node_modules[/\\]|^<anonymous>|^eval /.test(file) || !/[/\\]/.test(file);
}
