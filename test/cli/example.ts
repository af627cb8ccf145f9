import type { NotebookResult, RunDocument } from "../../src/cli/document.js";
import type { CheckRecord } from "../../src/notebook/session.js";

/** A check record with what a test does not care about filled in. */
export function aCheck(id: string, changes: Partial<CheckRecord> = {}): CheckRecord {
  const source = "1.6 × the sampling floor";
  const base = { statement: "second moments", value: 0.03, low: null, high: 0.04, talk: 0.0345, floor: 0.02 };
  return { id, source, pass: true, ...base, ...changes };
}

export function aNotebook(notebook: string, changes: Partial<NotebookResult> = {}): NotebookResult {
  const base = {
    status: "ok",
    seconds: 12.34,
    params: { seed: 0 },
    checks: [],
    figures: [],
    error: null,
  } as const;
  return { notebook, ...base, ...changes };
}

export function aDocument(notebooks: readonly NotebookResult[]): RunDocument {
  const machine = { cpu: "A CPU", cores: 2, node: "v20.19.0", device: "cpu" };
  return { scorebook: "0.1.0", profile: "quick", machine, notebooks };
}
