import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";
import type * as TslabConverter from "tslab/dist/converter.js";
import type * as TslabExecutor from "tslab/dist/executor.js";
import type * as TslabInspect from "tslab/dist/inspect.js";
import { Declarations } from "./declarations.js";
import type { Outcome } from "./declarations.js";
import { mendTypeScript } from "./mended-typescript.js";
import type { OnCompiled } from "./mended-typescript.js";

/*
 * Everything of tslab that the kernel reaches. tslab is pinned exactly, and a test compares this surface, so that an
 * upgrade shows what has changed.
 *
 * - dist/converter: createConverter, isCompleteCode; the converter compiles a cell with createWatchCompilerHost's
 *   options and createWatchProgram, puts "exports." before names of the file __prev__.d.ts by visitEachChild, then turns
 *   it into CommonJS with one transpileModule whose result it runs. Its timer of the system holds one callback.
 * - dist/executor: createExecutor(rootDir, converters, console) with execute, interrupt, complete, inspect, close. It
 *   runs a cell by vm.runInThisContext(prefix + code + suffix, { breakOnSigint: true }), hands the last expression's
 *   value to console.log, an error to console.error(error), a diagnostic to console.error(DIAGNOSTIC, file, line,
 *   column, text).
 * - dist/inspect: printQuickInfo.
 * - dist/jupyter: lastWriteDisplayData, which tslab's own display functions call.
 */

/** The format string of a diagnostic in the executor's console. */
export const DIAGNOSTIC = "%s%d:%d - %s";

/** What the executor reports to. */
export type ExecutorConsole = TslabExecutor.ConsoleInterface;

export interface Executor extends TslabExecutor.Executor {
  /** To be called when a cell has ended: settles what it has declared. */
  ended(outcome: Outcome): void;
}

/** Where tslab's display functions send their content. */
export type WriteDisplayData = (content: object, update: boolean) => void;

const require = createRequire(import.meta.url);

/** tslab's own parts, mended. */
export interface Tslab {
  readonly typescriptVersion: string;
  createExecutor(rootDir: string, console: ExecutorConsole): Executor;
  isCompleteCode: typeof TslabConverter.isCompleteCode;
  printQuickInfo: typeof TslabInspect.printQuickInfo;
  setDisplay(write: WriteDisplayData): void;
}

/** Loads tslab; every compiled cell is reported with its source maps, which tslab itself makes none of. */
export function loadTslab(onCompiled: OnCompiled): Tslab {
  const typescript = mendedTypeScript(onCompiled);
  const converter = require("tslab/dist/converter") as typeof TslabConverter;
  const executor = require("tslab/dist/executor") as typeof TslabExecutor;
  const inspect = require("tslab/dist/inspect") as typeof TslabInspect;
  const jupyter = require("tslab/dist/jupyter") as { lastWriteDisplayData: WriteDisplayData | null };
  shareTslab();
  return {
    typescriptVersion: typescript.version,
    isCompleteCode: converter.isCompleteCode,
    printQuickInfo: inspect.printQuickInfo,
    createExecutor(rootDir, console) {
      const node = converter.createConverter({ isJS: false, isBrowser: false });
      const declarations = new Declarations(typescript, () => made.locals);
      const remembering = withDeclarations(node, declarations);
      // A second program for browser cells would double the memory.
      const converters = { node: remembering, browser: remembering, close: () => node.close() };
      const made = executor.createExecutor(rootDir, converters, console);
      return { ...made, ended: (outcome) => declarations.ended(outcome) };
    },
    setDisplay(write) {
      jupyter.lastWriteDisplayData = write;
    },
  };
}

/** A converter that goes by our record of what earlier cells declared. */
function withDeclarations(
  node: TslabConverter.Converter,
  declarations: Declarations,
): TslabConverter.Converter {
  return {
    ...node,
    convert(_, code) {
      const result = node.convert(declarations.text, code);
      // tslab looks for "await" as an expression only.
      if (/\bfor\s+await\b/.test(code)) result.hasToplevelAwait = true;
      declarations.compiled(result);
      return result;
    },
    inspect: (_, code, position) => node.inspect(declarations.text, code, position),
    complete: (_, code, position) => node.complete(declarations.text, code, position),
  };
}

/** Puts the mended TypeScript where tslab will find it. */
function mendedTypeScript(onCompiled: OnCompiled): typeof TypeScript {
  const id = createRequire(require.resolve("tslab/dist/converter")).resolve("@tslab/typescript-for-tslab");
  const typescript = require(id) as typeof TypeScript;
  const cached = require.cache[id];
  if (cached) cached.exports = mendTypeScript(typescript, onCompiled);
  return typescript;
}

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/** A notebook's own `require("tslab/…")` must reach this copy, or its displays would go nowhere. */
function shareTslab(): void {
  const resolver = Module as unknown as Resolver;
  const resolve = resolver._resolveFilename.bind(Module);
  const home = dirname(require.resolve("tslab/package.json"));
  resolver._resolveFilename = (request, ...rest) =>
    resolve(
      request.replace(/^tslab(?=$|\/)/, () => home),
      ...rest,
    );
}
