import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TslabConverter from "tslab/dist/converter.js";
import type * as TslabExecutor from "tslab/dist/executor.js";
import type * as TslabInspect from "tslab/dist/inspect.js";

/*
 * Everything of tslab that the kernel reaches. tslab is pinned exactly, and a test compares this surface, so that an
 * upgrade shows what has changed.
 *
 * - dist/converter: createConverter, isCompleteCode; the converter compiles a cell with createWatchCompilerHost's
 *   options, then turns it into CommonJS with one transpileModule whose result it runs.
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
export type Executor = TslabExecutor.Executor;

/** Where tslab's display functions send their content. */
export type WriteDisplayData = (content: object, update: boolean) => void;

/** The parts of TypeScript's transpileModule that the converter uses. */
export interface Transpiled {
  outputText: string;
  sourceMapText?: string;
}

interface TypeScript {
  readonly version: string;
  transpileModule(code: string, options: { compilerOptions?: object }): Transpiled;
  createWatchCompilerHost(files: unknown, options: object, ...rest: unknown[]): unknown;
}

/** Told of every module that the converter has compiled: its code and the maps back to TypeScript, innermost last. */
export type OnCompiled = (
  code: string,
  toTypeScript: string | undefined,
  toModule: string | undefined,
) => void;

const require = createRequire(import.meta.url);

/** tslab's own parts, with source maps. */
export interface Tslab {
  readonly typescriptVersion: string;
  createExecutor(rootDir: string, console: ExecutorConsole): Executor;
  isCompleteCode: typeof TslabConverter.isCompleteCode;
  printQuickInfo: typeof TslabInspect.printQuickInfo;
  setDisplay(write: WriteDisplayData): void;
}

/** Loads tslab; every compiled cell is reported with its source maps, which tslab itself makes none of. */
export function loadTslab(onCompiled: OnCompiled): Tslab {
  const typescript = withSourceMaps(onCompiled);
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
      // A second program for browser cells would double the memory.
      return executor.createExecutor(rootDir, { node, browser: node, close: () => node.close() }, console);
    },
    setDisplay(write) {
      jupyter.lastWriteDisplayData = write;
    },
  };
}

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Puts a TypeScript that makes source maps where tslab will find it. */
function withSourceMaps(onCompiled: OnCompiled): TypeScript {
  const id = createRequire(require.resolve("tslab/dist/converter")).resolve("@tslab/typescript-for-tslab");
  const typescript = require(id) as TypeScript;
  const withMaps: TypeScript = {
    ...typescript,
    createWatchCompilerHost: (files, options, ...rest) =>
      typescript.createWatchCompilerHost(files, { ...options, inlineSourceMap: true }, ...rest),
    transpileModule(code, options) {
      const inline = INLINE_MAP.exec(code);
      const bare = inline ? code.slice(0, inline.index) : code;
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const { outputText, sourceMapText } = typescript.transpileModule(bare, { ...options, compilerOptions });
      const result = outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "\n");
      onCompiled(result, inline ? Buffer.from(inline[1], "base64").toString() : undefined, sourceMapText);
      return { outputText: result };
    },
  };
  const cached = require.cache[id];
  if (cached) cached.exports = withMaps;
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
