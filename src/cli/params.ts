import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type ts from "typescript";
import { unknownName } from "../core/errors.js";
import type { NotebookResult } from "./document.js";
import { cellsOf } from "./notebook-file.js";
import type { Notebook } from "./notebooks.js";

/**
 * Refuses parameters that a notebook does not have before any kernel starts. A notebook whose names cannot be read from
 * its source refuses them itself, in its `parameters` cell.
 * @throws ArgumentError with the nearest name
 */
export function checkParams(params: object, notebooks: readonly Notebook[]): void {
  if (Object.keys(params).length === 0) return;
  for (const { name, path } of notebooks) {
    const known = parameterNames(readFileSync(path, "utf8"));
    if (known === undefined) continue;
    for (const key of Object.keys(params))
      if (!known.includes(key)) throw unknownName(`--params, ${name}`, key, known);
  }
}

/** Whether a notebook failed because it refused a parameter. */
export function refusedParams({ error }: NotebookResult): boolean {
  return error !== null && error.message.startsWith("SCOREBOOK_PARAMS");
}

/** The keys of the `quick` profile in the cell tagged `parameters`; undefined where they are not written out there. */
export function parameterNames(notebook: string): string[] | undefined {
  const cell = cellsOf(notebook).find(({ kind, tags }) => kind === "code" && tags.includes("parameters"));
  if (cell === undefined) return undefined;
  // The compiler takes a third of a second to load: only runs with --params pay for it.
  const compiler = createRequire(import.meta.url)("typescript") as typeof ts;
  const quick = quickProfile(compiler, cell.source);
  const keys = quick?.properties.map(({ name }) => (name && isWord(compiler, name) ? name.text : undefined));
  if (keys === undefined || keys.includes(undefined)) return undefined;
  return [...new Set([...(keys as string[]), "seed"])];
}

function quickProfile(compiler: typeof ts, source: string): ts.ObjectLiteralExpression | undefined {
  let found: ts.ObjectLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (
      compiler.isPropertyAssignment(node) &&
      isWord(compiler, node.name) &&
      node.name.text === "quick" &&
      compiler.isObjectLiteralExpression(node.initializer)
    )
      found ??= node.initializer;
    compiler.forEachChild(node, visit);
  };
  visit(compiler.createSourceFile("cell.ts", source, compiler.ScriptTarget.ES2022, true));
  return found;
}

function isWord(compiler: typeof ts, name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral {
  return compiler.isIdentifier(name) || compiler.isStringLiteral(name);
}
