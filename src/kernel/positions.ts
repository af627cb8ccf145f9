import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import { resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in a source, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Script {
  /** Characters before the compiled code on its first line. */
  readonly offset: number;
  readonly lines: number;
  readonly maps: readonly SourceMap[];
}

/** tslab compiles a cell behind one line of its own. */
const LINES_BEFORE_CELL = 1;
const REMEMBERED = 1000;

/** From the positions of compiled cells back to the cells' own TypeScript. */
export class Positions {
  readonly #compiled = new Map<string, readonly SourceMap[]>();
  readonly #scripts = new Map<string, Script>();

  /** Keeps the maps of a module that was compiled, the one to apply first last. */
  compiled(code: string, ...maps: readonly (string | undefined)[]): void {
    const known = maps.filter((map) => map !== undefined);
    if (known.length === maps.length) this.#compiled.set(code, known.reverse().map(sourceMap));
  }

  /** Names the script that contains the last compiled cell. */
  script(filename: string, script: string): void {
    for (const [code, maps] of this.#compiled) {
      const offset = script.indexOf(code);
      if (offset >= 0) this.#scripts.set(filename, { offset, lines: code.split("\n").length, maps });
    }
    this.#compiled.clear();
    if (this.#scripts.size > REMEMBERED) this.#scripts.delete(this.#scripts.keys().next().value as string);
  }

  /** Where in its cell a place of a script comes from; undefined for code that no line of the cell stands for. */
  inCell(filename: string, at: Position): Position | undefined {
    const script = this.#scripts.get(filename);
    if (!script || at.line > script.lines) return undefined;
    let [line, column] = [at.line - 1, at.column - 1 - (at.line === 1 ? script.offset : 0)];
    for (const map of script.maps) {
      const entry = map.findEntry(line, Math.max(0, column));
      if (!("originalLine" in entry)) return undefined;
      [line, column] = [entry.originalLine, entry.originalColumn];
    }
    line -= LINES_BEFORE_CELL;
    return line < 0 ? undefined : { line: line + 1, column: column + 1 };
  }
}

/** The TypeScript file and line behind a place in a compiled file that has its map beside it. */
export function inSource(file: string, at: Position): { readonly file: string; readonly line: number } {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  try {
    if (!existsSync(`${path}.map`)) return { file: path, line: at.line };
    const entry = sourceMap(readFileSync(`${path}.map`, "utf8")).findEntry(at.line - 1, at.column - 1);
    if (!("originalLine" in entry)) return { file: path, line: at.line };
    return { file: resolve(dirname(path), entry.originalSource), line: entry.originalLine + 1 };
  } catch {
    return { file: path, line: at.line };
  }
}

function sourceMap(text: string): SourceMap {
  return new SourceMap(JSON.parse(text) as SourceMapPayload);
}
