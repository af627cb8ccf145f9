import type { Diagnostic } from "./errors.js";
import type { Order } from "./threads.js";

/** A cell that runs, or has run. */
export class Cell {
  readonly run: number;
  readonly count: number;
  readonly code: string;
  readonly silent: boolean;
  readonly diagnostics: Diagnostic[] = [];
  /** What the cell threw, and what was rejected unseen while it ran. */
  readonly errors: unknown[] = [];
  /** TypeScript has done its part: timers that start now are the cell's. */
  started = false;
  /** Interrupted: what is left of it stays silent, and its timers do not fire. */
  dead = false;
  /** Until when, once interrupted, it may end by itself. */
  mayEndUntil = 0;
  ended = false;
  readonly #abort = new AbortController();
  #heedful = false;

  constructor({ run, count, code, silent }: Extract<Order, { type: "execute" }>) {
    [this.run, this.count, this.code, this.silent] = [run, count, code, silent];
  }

  /** Aborted when the cell is interrupted. */
  get signal(): AbortSignal {
    this.#heedful = true;
    return this.#abort.signal;
  }

  /** Whether something has asked for its signal. */
  get heedful(): boolean {
    return this.#heedful;
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** The name of its script in stack traces. */
  get filename(): string {
    return this.silent ? `silent-${this.run}.ts` : `cell-${this.count}.ts`;
  }
}

/** Which cell runs, and to which one output belongs. */
export class Cells {
  #current: Cell | undefined;
  #last: Cell | undefined;
  #scope: Cell | undefined;

  get current(): Cell | undefined {
    return this.#current;
  }

  begin(cell: Cell): void {
    [this.#current, this.#scope] = [cell, undefined]; // a callback that was terminated left its scope behind
  }

  end(): void {
    [this.#last, this.#current] = [this.#current, undefined];
  }

  /** The cell that started the work that is going on: its timer's, else the running one, else the last one. */
  get target(): Cell | undefined {
    return this.#scope ?? this.#current ?? this.#last;
  }

  /** The cell that owns timers started now; none while TypeScript compiles. */
  get owner(): Cell | undefined {
    const cell = this.target;
    return cell?.started ? cell : undefined;
  }

  /** Runs a timer's callback on behalf of its cell. */
  within(cell: Cell, callback: () => void): void {
    const outer = this.#scope;
    this.#scope = cell;
    try {
      callback();
    } finally {
      this.#scope = outer;
    }
  }
}
