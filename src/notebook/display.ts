import { createRequire } from "node:module";

/** One output in several forms, by MIME type; the reader's program shows the richest it knows. */
export type Bundle = Readonly<Record<string, unknown>>;

/** How an output is shown. */
export interface ShowOptions {
  /** Names the output, so that a later call can replace it. */
  readonly id?: string;
  /** Replaces the output of this id. */
  readonly update?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What the project's kernel offers to the library, without either importing the other. */
export interface KernelApi {
  display(bundle: Bundle, options?: ShowOptions): void;
  clearOutput(wait?: boolean): void;
  /** Aborted when the running cell is interrupted. */
  readonly signal: AbortSignal;
  /** Number of the running cell. */
  readonly cell: number;
}

interface TslabDisplay {
  raw(mime: string, content: unknown): void;
}

interface Tslab {
  readonly display: TslabDisplay;
  newDisplay(): TslabDisplay;
}

/** The project's kernel, or undefined elsewhere. */
export function kernel(): KernelApi | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("scorebook.kernel")] as KernelApi | undefined;
}

/** Whether the code runs in a notebook: on the project's kernel or on tslab's own. */
export function inNotebook(): boolean {
  return kernel() !== undefined || "__tslab__" in globalThis;
}

const onTslab = new Map<string, TslabDisplay>();
const PLAIN = "text/plain";

/** Shows an output where the code runs: a whole bundle, tslab's one MIME type, or text on standard output. */
export function show(bundle: Bundle, options: ShowOptions = {}): void {
  const own = kernel();
  if (own) own.display(bundle, options);
  else if (inNotebook()) showOnTslab(bundle, options.id);
  else if (typeof bundle[PLAIN] === "string") process.stdout.write(`${bundle[PLAIN]}\n`);
}

function showOnTslab(bundle: Bundle, id: string | undefined): void {
  const types = ["image/svg+xml", "text/html", "text/latex", "text/markdown", PLAIN];
  const type = types.find((mime) => mime in bundle);
  if (type === undefined) return;
  const tslab = tslabModule();
  const display = id === undefined ? tslab.display : (onTslab.get(id) ?? tslab.newDisplay());
  if (id !== undefined) onTslab.set(id, display);
  display.raw(type, bundle[type]);
}

/** The tslab that runs the notebook: its executor leaves its own require behind. */
function tslabModule(): Tslab {
  const { __tslab__ } = globalThis as { __tslab__?: { require?: NodeJS.Require } };
  return (__tslab__?.require ?? createRequire(import.meta.url))("tslab") as Tslab;
}
