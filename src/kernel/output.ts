import { inspect } from "node:util";
import type { Cell, Cells } from "./cells.js";
import type { ErrorContent, Report } from "./threads.js";

/** How an output is shown. */
export interface DisplayOptions {
  readonly id?: string;
  readonly update?: boolean;
  readonly metadata?: object;
}

/** Sends what cells show and print to the cells they belong to. */
export class Output {
  readonly #cells: Cells;
  readonly #report: (report: Report) => void;

  constructor(cells: Cells, report: (report: Report) => void) {
    [this.#cells, this.#report] = [cells, report];
  }

  /** Shows a MIME bundle, or replaces the one of the same id. */
  display(data: object, { id, update = false, metadata = {} }: DisplayOptions = {}): void {
    const transient = id === undefined ? {} : { display_id: id };
    this.raw({ data, metadata, transient }, update);
  }

  /** The content of a display message, as tslab's own functions make it. */
  raw(content: object, update: boolean): void {
    this.#publish(this.#cells.target, update ? "update_display_data" : "display_data", content);
  }

  clear(wait: boolean): void {
    this.#publish(this.#cells.target, "clear_output", { wait });
  }

  /** The value of a cell's last expression: its own MIME bundle, or how Node would print it. */
  result(cell: Cell, value: unknown): void {
    const own = (value as { toMimeBundle?: unknown } | null)?.toMimeBundle;
    const data: unknown = typeof own === "function" ? own.call(value) : { "text/plain": inspect(value) };
    if (cell.silent || typeof data !== "object" || data === null) return;
    this.#publish(cell, "execute_result", { data, metadata: {}, execution_count: cell.count });
  }

  /** An error after its cell has ended. */
  error(cell: Cell, content: ErrorContent): void {
    this.#publish(cell, "error", content);
  }

  /** From now on, what the process prints goes to the cell that prints it. */
  captureStreams(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const stream = process[name];
      const write = stream.write.bind(stream);
      const captured = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
        const cell = this.#cells.target;
        if (!cell) return write(chunk, encoding as BufferEncoding, callback as () => void);
        const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
        if (!cell.dead) this.#report({ type: "stream", run: cell.run, name, text });
        const written = typeof encoding === "function" ? encoding : callback;
        if (typeof written === "function") process.nextTick(written);
        return true;
      };
      stream.write = captured;
    }
  }

  #publish(cell: Cell | undefined, message: string, content: object): void {
    if (!cell || cell.dead) return;
    this.#report({ type: "publish", run: cell.run, message, content: JSON.stringify(content) });
  }
}
