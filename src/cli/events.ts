/** What the executor says, one JSON document a line. Cells are counted as the kernel counts them. */
export type ExecutionEvent =
  | { readonly event: "started"; readonly of: number }
  | { readonly event: "kernel"; readonly pid: number | null }
  | { readonly event: "cell" | "done"; readonly cell: number; readonly of: number }
  | {
      readonly event: "failed";
      readonly cell: number | null;
      readonly name: string;
      readonly message: string;
      readonly traceback: readonly string[];
      readonly source: string;
    }
  | { readonly event: "timeout" | "stopped"; readonly cell: number | null; readonly source: string }
  | { readonly event: "crashed"; readonly name: string; readonly message: string }
  | { readonly event: "finished"; readonly ok: boolean };

/** Cuts a stream of text into events; the rest of a line waits for its end. */
export function eventReader(onEvent: (event: ExecutionEvent) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") onEvent(JSON.parse(line) as ExecutionEvent);
  };
}
