import vm from "node:vm";
import { Cell } from "./cells.js";
import type { Cells } from "./cells.js";
import { KeyboardInterrupt, runtimeError, typeError } from "./errors.js";
import type { Output } from "./output.js";
import type { Positions } from "./positions.js";
import { Phase, Slot } from "./threads.js";
import type { ErrorContent, Order, Report } from "./threads.js";
import { DIAGNOSTIC } from "./tslab-surface.js";
import type { Executor, ExecutorConsole } from "./tslab-surface.js";

/** What the runner works with. */
export interface RunnerPorts {
  readonly cells: Cells;
  readonly output: Output;
  readonly positions: Positions;
  readonly state: Int32Array;
  readonly report: (report: Report) => void;
  readonly executor: () => Executor;
}

const REMEMBERED = 1000;
/** Milliseconds for what heeds a cell's signal, such as a training step, to end. */
const GRACE = 600;
const [nextTurn, later] = [setImmediate, setTimeout]; // before timers are made the cells' own

/** Runs cells, one at a time, and says how each ended. */
export class Runner {
  readonly #ports: RunnerPorts;
  /** The cells by the names of their scripts. */
  readonly #ran = new Map<string, Cell>();

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#nameScripts();
  }

  /** What tslab's executor reports to. */
  readonly console: ExecutorConsole = {
    log: (value: unknown) => {
      const cell = this.#ports.cells.current;
      if (cell && !cell.ended) this.#ports.output.result(cell, value);
    },
    error: (...args: readonly unknown[]) => {
      const cell = this.#ports.cells.current;
      if (!cell || cell.ended || cell.dead) return;
      if (args.length !== 5 || args[0] !== DIAGNOSTIC) cell.errors.unshift(args[0]);
      else {
        const [, file, line, column, text] = args as [string, string, number, number, string];
        cell.diagnostics.push({ file, line, column, text });
      }
    },
  };

  run(order: Extract<Order, { type: "execute" }>): void {
    const cell = new Cell(order);
    this.#ports.cells.begin(cell);
    this.#remember(cell);
    Atomics.store(this.#ports.state, Slot.run, cell.run);
    this.#phase(Phase.compiling);
    void this.#ports
      .executor()
      .execute(cell.code)
      .then(
        (ok) => this.#settle(cell, ok),
        (error: unknown) => {
          cell.errors.unshift(error);
          this.#settle(cell, false);
        },
      );
  }

  /** Ends the running cell on the user's wish; one that heeds its signal gets a moment to end in good order. */
  interrupt(run: number): void {
    const cell = this.#ports.cells.current;
    if (!cell || cell.run !== run || cell.ended) return;
    Atomics.store(this.#ports.state, Slot.heard, run);
    if (!cell.dead) {
      this.#kill(cell);
      cell.mayEndUntil = performance.now() + (cell.heedful ? GRACE : 0);
    }
    const left = cell.mayEndUntil - performance.now();
    if (left > 0) return void later(() => this.interrupt(run), left + 1);
    this.#ports.executor().interrupt();
    this.#end(cell);
  }

  /** An error that no cell caught. One that comes while its cell runs makes the cell fail. */
  stray(error: unknown): void {
    if (error instanceof KeyboardInterrupt) return; // a loop of an interrupted cell has ended
    const cell = this.#origin(error) ?? this.#ports.cells.target;
    if (!cell || cell.dead) return;
    if (cell === this.#ports.cells.current && !cell.ended) cell.errors.push(error);
    else this.#ports.output.error(cell, this.#describe(error));
  }

  #settle(cell: Cell, ok: boolean): void {
    if (cell.ended) return;
    this.#phase(Phase.idle);
    if (cell.dead) return this.#end(cell);
    const [error] = cell.errors as { code?: string }[];
    if (error instanceof KeyboardInterrupt || error?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
      this.#kill(cell);
      this.#end(cell);
    } else if (!ok) this.#end(cell);
    // Rejections that nobody handles are reported when the microtasks are done.
    else nextTurn(() => this.#end(cell));
  }

  #kill(cell: Cell): void {
    const error = new KeyboardInterrupt();
    [cell.errors.length, cell.diagnostics.length] = [0, 0];
    cell.errors.push(error);
    cell.dead = true;
    cell.abort(error);
  }

  #end(cell: Cell): void {
    if (cell.ended) return;
    cell.ended = true;
    this.#phase(Phase.idle);
    this.#ports.cells.end();
    const broken = cell.errors.length > 0 || cell.diagnostics.length > 0;
    this.#ports.executor().ended(!cell.started ? "not started" : broken ? "broken off" : "finished");
    const [error, ...more] = cell.errors.length > 0 ? this.#failures(cell) : this.#refusals(cell);
    for (const other of more) this.#ports.output.error(cell, other);
    this.#ports.report({ type: "done", run: cell.run, error });
  }

  #failures(cell: Cell): ErrorContent[] {
    return cell.errors.map((error) => this.#describe(error));
  }

  #refusals(cell: Cell): ErrorContent[] {
    return cell.diagnostics.length > 0 ? [typeError(cell.diagnostics, cell.code)] : [];
  }

  #describe(error: unknown): ErrorContent {
    return runtimeError(error, this.#ports.positions, (script) => this.#ran.get(script)?.code);
  }

  /** The cell whose script an error comes from: what a rejected promise was started by cannot be told otherwise. */
  #origin(error: unknown): Cell | undefined {
    const stack = String((error as { stack?: unknown } | null | undefined)?.stack);
    const script = /[ (]((?:cell|silent)-\d+\.ts):\d+:\d+/.exec(stack)?.[1];
    return script === undefined ? undefined : this.#ran.get(script);
  }

  #remember(cell: Cell): void {
    this.#ran.set(cell.filename, cell);
    if (this.#ran.size > REMEMBERED) this.#ran.delete(this.#ran.keys().next().value as string);
  }

  #phase(phase: number): void {
    Atomics.store(this.#ports.state, Slot.phase, phase);
  }

  /** Gives the script of each cell its name, and follows how far the cell is. */
  #nameScripts(): void {
    const run = vm.runInThisContext.bind(vm) as (
      code: string,
      options?: vm.RunningCodeOptions | string,
    ) => unknown;
    vm.runInThisContext = (code, options) => {
      const cell = this.#ports.cells.current;
      if (!cell || cell.started || typeof options !== "object" || !options.breakOnSigint)
        return run(code, options);
      if (Atomics.load(this.#ports.state, Slot.wanted) === cell.run) throw new KeyboardInterrupt();
      cell.started = true;
      this.#ports.positions.script(cell.filename, code);
      this.#phase(Phase.starting);
      try {
        return run(code, { ...options, filename: cell.filename });
      } finally {
        this.#phase(Phase.awaiting);
      }
    };
  }
}
