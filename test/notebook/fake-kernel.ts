import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Bundle, ShowOptions } from "../../src/notebook/display.js";

const SLOT = Symbol.for("scorebook.kernel");

/** A kernel that keeps what it is told to show. */
export class FakeKernel {
  readonly shown: { bundle: Bundle; options: ShowOptions }[] = [];
  cell = 1;
  readonly #abort = new AbortController();

  display(bundle: Bundle, options: ShowOptions = {}): void {
    this.shown.push({ bundle, options });
  }

  clearOutput(): void {
    this.shown.length = 0;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  interrupt(): void {
    this.#abort.abort(new Error("interrupted"));
  }

  /** The last form of a MIME type that was shown. */
  last(mime: string): string {
    return String(this.shown.findLast(({ bundle }) => mime in bundle)?.bundle[mime]);
  }
}

/** Before each test: a kernel, an empty output folder, and none of the variables of a run. */
export function freshRun(): { kernel: FakeKernel; out: string; document: (notebook: string) => RunDocument } {
  const saved = { ...process.env };
  const run = {
    kernel: new FakeKernel(),
    out: "",
    document: (notebook: string) =>
      JSON.parse(readFileSync(join(run.out, "runs", `${notebook}.json`), "utf8")) as RunDocument,
  };
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (/^(SCOREBOOK|JPY)_/.test(name)) delete process.env[name];
    run.kernel = new FakeKernel();
    run.out = mkdtempSync(join(tmpdir(), "scorebook-notebook-"));
    process.env.SCOREBOOK_OUT = run.out;
    Object.assign(globalThis, { [SLOT]: run.kernel });
  });
  afterEach(() => {
    Object.assign(globalThis, { [SLOT]: undefined });
    process.env = { ...saved };
    rmSync(run.out, { recursive: true, force: true });
  });
  return run;
}

/** What a run leaves behind. */
export interface RunDocument {
  readonly notebook: string;
  readonly profile: string;
  readonly params: Record<string, unknown>;
  readonly checks: Record<string, unknown>[];
  readonly figures: string[];
}
