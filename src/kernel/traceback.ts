import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { inSource } from "./positions.js";
import type { Positions } from "./positions.js";

/** The code of the cell whose script has this name. */
export type CodeOf = (script: string) => string | undefined;

/** Frames of a library that are shown in a row; the rest is counted. */
const LIBRARY = 4;
/** Frames that are shown in all: so many of the innermost, and of the outermost. */
const [INNERMOST, OUTERMOST] = [10, 4];
/** Characters of a source line that are shown. */
const WIDTH = 80;

export const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Place {
  /** As in "ratio cell 3, line 6" or "check (../src/notebook/check.ts:20)". */
  readonly text: string;
  readonly source: string | undefined;
  readonly line: number;
}

/** A frame that is shown, or how many are not. */
type Entry = Place | number;

/** Name, message and frames of an error; the innermost frame with the lines around it, the others with their own line. */
export function traceback(error: Error, positions: Positions, codeOf: CodeOf): string[] {
  const entries = fold(repeated(places(error, positions, codeOf)));
  const inner = entries.find((entry) => typeof entry !== "number" && entry.source !== undefined);
  return [
    `${red(error.name || "Error")}: ${error.message}`,
    ...entries.flatMap((entry) =>
      typeof entry === "number" ? `    … ${entry} more` : shown(entry, entry === inner ? 1 : 0),
    ),
  ];
}

function shown({ text, source, line }: Place, around: number): string[] {
  if (source === undefined) return [`    at ${text}`];
  const all = source.split("\n");
  const from = Math.max(1, line - around);
  const lines = all.slice(from - 1, line + around);
  const indent = Math.min(...lines.filter((one) => one.trim() !== "").map((one) => one.search(/\S/)), WIDTH);
  const width = String(line + around).length;
  return [
    `    at ${text}`,
    ...lines.map((one, i) => {
      const mark = from + i === line ? ">" : " ";
      return `    ${mark} ${String(from + i).padStart(width)} | ${clip(one.slice(indent))}`.trimEnd();
    }),
  ];
}

function clip(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH)} …` : line;
}

/** Where each frame comes from; other people's libraries and what is deep in ours is only counted. */
function places(error: Error, positions: Positions, codeOf: CodeOf): Entry[] {
  const found: Entry[] = [];
  let ours = 0;
  for (const frame of frames(error)) {
    const source = codeOf(frame.file);
    const name = frame.name ? `${frame.name} ` : "";
    if (source !== undefined) {
      const at = positions.inCell(frame.file, frame);
      if (!at) continue;
      ours = 0;
      const where = `${frame.file.replace(".ts", "").replace("-", " ")}, line ${at.line}`;
      found.push({ text: `${name}${green(where)}`, source, line: at.line });
    } else if (foreign(frame.file) || ++ours > LIBRARY) hide(found, 1);
    else {
      const { file, line } = inSource(frame.file, frame);
      found.push({ text: `${name}(${relative(process.cwd(), file)}:${line})`, source: read(file), line });
    }
  }
  return found;
}

/** A recursion's frames, which are all the same: the first is shown, the others are counted. */
function repeated(entries: readonly Entry[]): Entry[] {
  const found: Entry[] = [];
  let last: string | undefined;
  for (const entry of entries) {
    const text = typeof entry === "number" ? undefined : entry.text;
    if (typeof entry === "number" || (text !== undefined && text === last))
      hide(found, typeof entry === "number" ? entry : 1);
    else found.push(entry);
    last = text;
  }
  return found;
}

/** The middle of a long trace is counted. */
function fold(entries: readonly Entry[]): Entry[] {
  if (entries.length <= INNERMOST + OUTERMOST + 1) return [...entries];
  const found: Entry[] = entries.slice(0, INNERMOST);
  for (const entry of entries.slice(INNERMOST, -OUTERMOST))
    hide(found, typeof entry === "number" ? entry : 1);
  return [...found, ...entries.slice(-OUTERMOST)];
}

function hide(entries: Entry[], count: number): void {
  const last = entries.at(-1);
  if (typeof last === "number") entries[entries.length - 1] = last + count;
  else entries.push(count);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The kernel's and tslab's own frames and Node's are left out. A message of several lines is no frame. */
function frames(error: Error): Frame[] {
  const found: Frame[] = [];
  for (const text of trace(error).split("\n")) {
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

/** A stack without the message in front of it. */
function trace({ stack, message }: Error): string {
  const text = String(stack);
  const at = message === "" ? -1 : text.indexOf(message);
  return at < 0 ? text : text.slice(at + message.length);
}

const OWN = /^(async )?node:|[/\\]node_modules[/\\](tslab|@tslab)[/\\]|[/\\]dist[/\\]kernel[/\\]/;

function foreign(file: string): boolean {
  return /[/\\]node_modules[/\\]|^<anonymous>|^eval /.test(file) || !/[/\\]/.test(file);
}
