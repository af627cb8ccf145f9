import type TypeScript from "@tslab/typescript-for-tslab";

/** How far a cell came. */
export type Outcome = "finished" | "broken off" | "not started";

interface Compiled {
  readonly output?: string;
  readonly declOutput?: string;
}

interface Pending {
  readonly text: string;
  /** Values that the cell declares. */
  readonly own: readonly string[];
  /** What they were before it. */
  readonly before: ReadonlyMap<string, unknown>;
}

/**
 * The declarations (.d.ts) of everything that earlier cells have defined. tslab forgets those of a cell that is interrupted
 * or throws; here, as in Python, what it had assigned by then stays, and what it had not is as it was before.
 */
export class Declarations {
  readonly #ts: typeof TypeScript;
  readonly #valuesNow: () => Record<string, unknown>;
  #pending: Pending | undefined;
  #text = "";

  /** @param valuesNow gives where tslab keeps the cells' variables */
  constructor(ts: typeof TypeScript, valuesNow: () => Record<string, unknown>) {
    [this.#ts, this.#valuesNow] = [ts, valuesNow];
  }

  get text(): string {
    return this.#text;
  }

  /** A cell has been compiled, and is about to run. */
  compiled({ output, declOutput }: Compiled): void {
    this.#pending = undefined;
    if (declOutput === undefined) return;
    const own = exportedNames(output ?? "");
    const values = this.#valuesNow();
    const known = own.filter((name) => values[name] !== undefined);
    this.#pending = { text: declOutput, own, before: new Map(known.map((name) => [name, values[name]])) };
  }

  /** The cell has ended. */
  ended(outcome: Outcome): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending || outcome === "not started") return;
    const { text, own, before } = pending;
    const values = this.#valuesNow();
    const lost = new Set(outcome === "finished" ? [] : own.filter((name) => values[name] === undefined));
    this.#text = lost.size === 0 ? text : this.#without(text, lost) + this.#only(this.#text, lost);
    for (const [name, value] of before) if (lost.has(name)) values[name] = value;
  }

  #without(text: string, names: ReadonlySet<string>): string {
    return this.#filter(text, (name) => !names.has(name));
  }

  #only(text: string, names: ReadonlySet<string>): string {
    return this.#filter(text, (name) => names.has(name), false);
  }

  /** The declarations of values that pass, and, if wanted, those of types. */
  #filter(text: string, passes: (name: string) => boolean, types = true): string {
    const ts = this.#ts;
    const source = ts.createSourceFile("cells.d.ts", text, ts.ScriptTarget.Latest, true);
    const kept = source.statements.flatMap((statement) => {
      if (ts.isVariableStatement(statement)) return variables(ts, statement, passes);
      const names = valueNames(ts, statement);
      return (names.length === 0 ? types : names.some(passes)) ? [statement.getText()] : [];
    });
    return kept.map((line) => `${line}\n`).join("");
  }
}

/** The values that a compiled cell exports: TypeScript lists them first, as in `exports.b = exports.a = void 0;`. */
function exportedNames(output: string): string[] {
  const lists = output.match(/^(exports\.[\p{L}\p{N}_$]+ = )+void 0;$/gmu) ?? [];
  return lists.flatMap((list) => list.split(" = ").slice(0, -1)).map((name) => name.slice("exports.".length));
}

function variables(
  ts: typeof TypeScript,
  { declarationList }: TypeScript.VariableStatement,
  passes: (name: string) => boolean,
): string[] {
  const word = declarationList.flags & ts.NodeFlags.Const ? "const" : "let";
  const kept = declarationList.declarations.filter(({ name }) => passes(name.getText()));
  return kept.map((declaration) => `declare ${word} ${declaration.getText()};`);
}

/** The values that a statement other than a variable's declares; none for interfaces and types. */
function valueNames(ts: typeof TypeScript, statement: TypeScript.Statement): string[] {
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const named =
      namedBindings && (ts.isNamedImports(namedBindings) ? namedBindings.elements : [namedBindings]);
    return [...(name ? [name] : []), ...(named ?? []).map((one) => one.name)].map(({ text }) => text);
  }
  const declares =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return declares && statement.name ? [statement.name.text] : [];
}
