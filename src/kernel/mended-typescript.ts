import { createRequire } from "node:module";
import { dirname } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";

type Ts = typeof TypeScript;
type WatchHost = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;
type Visitor = (node: TypeScript.Node) => TypeScript.VisitResult<TypeScript.Node>;

/** Told of every module that the converter has compiled: its code and the maps back to TypeScript, innermost last. */
export type OnCompiled = (
  code: string,
  toTypeScript: string | undefined,
  toModule: string | undefined,
) => void;

/** Node's types, for a notebook that has none above it. */
const OWN_TYPES = dirname(dirname(createRequire(import.meta.url).resolve("@types/node/package.json")));
const start = setTimeout; // before timers are made the cells' own

/** The declarations of earlier cells, as tslab calls their file. */
const EARLIER = /[/\\]__prev__\.d\.ts$/;
const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * The TypeScript that tslab is given in the place of its own. It makes source maps; and it mends how tslab puts
 * `exports.` before the names of earlier cells: `{ x }` was left alone, and `const { x: y } = earlier` became
 * `const { exports, x: y }`; and how a change of the files around ends the compiler.
 */
export function mendTypeScript(ts: Ts, onCompiled: OnCompiled): Ts {
  let program: TypeScript.BuilderProgram | undefined;
  const isEarlier = (node: TypeScript.ShorthandPropertyAssignment) =>
    program
      ?.getProgram()
      .getTypeChecker()
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((declaration) => EARLIER.test(declaration.getSourceFile().fileName)) ?? false;

  function visitEachChild(
    node: TypeScript.Node,
    visitor: Visitor,
    ...rest: [TypeScript.TransformationContext]
  ) {
    if (ts.isShorthandPropertyAssignment(node) && isEarlier(node)) return longhand(ts, node, visitor);
    const name = propertyName(ts, node);
    return ts.visitEachChild(node, (child) => (child === name ? child : visitor(child)), ...rest);
  }

  function createWatchProgram(host: WatchHost) {
    const tell = host.afterProgramCreate?.bind(host);
    host.afterProgramCreate = (created) => tell?.((program = created));
    return ts.createWatchProgram(host);
  }

  function createWatchCompilerHost(
    files: string[],
    options: TypeScript.CompilerOptions,
    system: TypeScript.System,
    ...rest: []
  ) {
    const { typeRoots = [] } = options;
    const mended = { ...options, inlineSourceMap: true, typeRoots: [...typeRoots, OWN_TYPES] };
    return ts.createWatchCompilerHost(files, mended, patient(system), ...rest);
  }

  const transpileModule: Ts["transpileModule"] = (code, options) => transpile(ts, code, options, onCompiled);
  const mended = { visitEachChild, createWatchProgram, createWatchCompilerHost, transpileModule };
  return { ...ts, ...mended } as unknown as Ts;
}

/** `{ x }` as `{ x: exports.x }`; with a default, as in `({ x = 1 } = object)`, as `{ x: exports.x = 1 }`. */
function longhand(ts: Ts, node: TypeScript.ShorthandPropertyAssignment, visitor: Visitor): TypeScript.Node {
  const { factory } = ts;
  const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name);
  const otherwise = node.objectAssignmentInitializer;
  const assigned = otherwise
    ? factory.createAssignment(value, visitor(otherwise) as TypeScript.Expression)
    : value;
  return ts.setTextRange(factory.createPropertyAssignment(node.name, assigned), node);
}

/** A name that stands for a property, never for a variable. */
function propertyName(ts: Ts, node: TypeScript.Node): TypeScript.Node | undefined {
  const name = ts.isBindingElement(node)
    ? node.propertyName
    : ts.isPropertyAssignment(node)
      ? node.name
      : undefined;
  return name && ts.isIdentifier(name) ? name : undefined;
}

/**
 * tslab keeps one timer and runs it with the next cell; TypeScript wants a second one when a file appears or goes where
 * it once looked for a module, and tslab throws. The second one gets a timer of the system.
 */
function patient(system: TypeScript.System): TypeScript.System {
  const [set, clear] = [system.setTimeout?.bind(system), system.clearTimeout?.bind(system)];
  if (!set || !clear) return system;
  const own = new Set<unknown>();
  return Object.assign(system, {
    setTimeout(callback: (...args: unknown[]) => void, ms: number, ...args: unknown[]): unknown {
      if (callback.name !== "invalidateResolutionsOfFailedLookup") return set(callback, ms, ...args);
      const timer = start(() => {
        own.delete(timer);
        callback(...args);
      }, ms).unref();
      own.add(timer);
      return timer;
    },
    clearTimeout(timer: unknown): void {
      if (own.delete(timer)) clearTimeout(timer as NodeJS.Timeout);
      else clear(timer);
    },
  });
}

function transpile(
  ts: Ts,
  code: string,
  options: TypeScript.TranspileOptions,
  onCompiled: OnCompiled,
): TypeScript.TranspileOutput {
  const inline = INLINE_MAP.exec(code);
  const bare = inline ? code.slice(0, inline.index) : code;
  const compilerOptions = { ...options.compilerOptions, sourceMap: true };
  const { outputText, sourceMapText } = ts.transpileModule(bare, { ...options, compilerOptions });
  const result = outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "\n");
  onCompiled(result, inline ? Buffer.from(inline[1], "base64").toString() : undefined, sourceMapText);
  return { outputText: result };
}
