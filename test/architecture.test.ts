import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** The rooms in order: each imports only from those before it. The kernel imports nothing of the library. */
const ROOMS = [
  ["core", "random", "store", "onnx", "linalg", "engine", "nets", "train", "sde", "pde", "targets", "data"],
  ["transport", "metrics", "score", "samplers", "control", "plots", "notebook", "cli"],
].flat();
const KERNEL = "kernel";

/** Packages that take long to load: only by `import()` or `require` inside a function, so that the library starts at once. */
const HEAVY =
  /^(onnxruntime-node|@tensorflow\/.*|vega|vega-lite|vega-embed|danfojs-node|mathjs|typescript|tslab)(\/|$)/;

const src = fileURLToPath(new URL("../src/", import.meta.url));

interface Import {
  readonly file: string;
  readonly from: string;
  /** Types alone vanish when compiled. */
  readonly typeOnly: boolean;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

const sources = sourcesBelow(src).map((path) => {
  const text = readFileSync(path, "utf8");
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
});

const name = (path: string) => relative(src, path).replaceAll("\\", "/");

/** Every import and re-export of a file that stands at its top level. */
function importsOf({ path, tree }: (typeof sources)[number]): Import[] {
  return tree.statements.flatMap((node) => {
    if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || !node.moduleSpecifier) return [];
    const from = (node.moduleSpecifier as ts.StringLiteral).text;
    const clause = ts.isImportDeclaration(node) ? node.importClause : node;
    const names = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
    const all = names && (ts.isNamedImports(names) || ts.isNamedExports(names)) ? names.elements : undefined;
    const typed =
      clause?.isTypeOnly === true ||
      (all !== undefined && all.length > 0 && all.every((one) => one.isTypeOnly));
    return [{ file: name(path), from, typeOnly: typed }];
  });
}

/** The room of a file below src; its own name for the files beside the rooms. */
function room(file: string): string {
  return file.split("/")[0];
}

/** What is wrong with an import of one file of the library by another; undefined where it is allowed. */
function complaint({ file, from }: Import): string | undefined {
  if (!from.startsWith(".") || !file.includes("/")) return undefined;
  const [mine, theirs] = [room(file), room(name(resolve(src, dirname(file), from)))];
  if (mine === theirs) return undefined;
  if (mine === KERNEL || theirs === KERNEL) return `${file}: the kernel is on its own, imports ${from}`;
  const [at, of] = [ROOMS.indexOf(mine), ROOMS.indexOf(theirs)];
  if (at < 0 || of < 0) return `${file}: ${at < 0 ? mine : theirs} is not in the list of rooms`;
  return of < at ? undefined : `${file}: ${mine} imports ${theirs}, which comes after it`;
}

function topLevelAwaits(tree: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(tree);
}

describe("architecture", () => {
  const imports = sources.flatMap(importsOf);

  it("has sources, all in a known room or at the top", () => {
    expect(sources.length).toBeGreaterThan(20);
    const rooms = new Set(
      sources
        .map(({ path }) => name(path))
        .filter((file) => file.includes("/"))
        .map(room),
    );
    expect([...rooms].filter((one) => ![...ROOMS, KERNEL].includes(one))).toEqual([]);
  });

  it("imports only from rooms above", () => {
    expect(imports.map(complaint).filter((line) => line !== undefined)).toEqual([]);
  });

  it("notices an import in the wrong direction", () => {
    const from = (file: string, other: string) => complaint({ file, from: other, typeOnly: false });
    expect(from("core/x.ts", "../random/index.js")).toMatch(/core imports random/);
    expect(from("samplers/path/x.ts", "../../core/errors.js")).toBeUndefined();
    expect(from("kernel/x.ts", "../core/errors.js")).toMatch(/on its own/);
    expect(from("cli/x.ts", "../kernel/main.js")).toMatch(/on its own/);
    expect(from("attic/x.ts", "../core/errors.js")).toMatch(/attic is not in the list/);
  });

  it("loads heavy packages only inside functions, the kernel apart", () => {
    const early = imports.filter(
      ({ file, from, typeOnly }) => !typeOnly && HEAVY.test(from) && room(file) !== KERNEL,
    );
    expect(early.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });

  it("has no await at the top level: a cell requires the library", () => {
    const parse = (text: string) => ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
    expect(topLevelAwaits(parse("const a = await f();"))).toBe(true);
    expect(topLevelAwaits(parse("async function g() { for await (const x of y) await x; }"))).toBe(false);
    expect(sources.filter(({ tree }) => topLevelAwaits(tree)).map(({ path }) => name(path))).toEqual([]);
  });
});
