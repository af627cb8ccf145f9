import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import { Phase, Slot } from "./threads.js";
import type { Order } from "./threads.js";

const PATIENCE = 250;
const ATTEMPTS = 240;

/**
 * Ends the running cell from the server's thread. A cell that awaits ends as soon as the main thread hears of it; code
 * up to the first await is ended by SIGINT, as node:vm was told; a main thread that stays deaf is in a loop of its own,
 * which V8 is told to leave. A native call ends when it returns.
 */
export class Interrupter {
  readonly #state: Int32Array;
  readonly #post: (order: Order) => void;
  readonly #session = new Session();
  /** The run whose interrupt is under way. */
  #ending: number | undefined;

  constructor(state: Int32Array, post: (order: Order) => void) {
    this.#state = state;
    this.#post = post;
    this.#session.connectToMainThread();
  }

  /** Interrupts the run that is going on, if any. */
  async interrupt(): Promise<void> {
    const run = this.#read(Slot.run);
    if (this.#ending === run || this.#read(Slot.phase) === Phase.idle) return;
    Atomics.store(this.#state, Slot.wanted, run);
    this.#ending = run;
    for (let i = 0; i < ATTEMPTS && this.#pending(run); i++) await this.#attempt(run);
    if (this.#ending === run) this.#ending = undefined;
  }

  /** Lets go of the main thread; a session that stays open would keep the process from ending. */
  close(): void {
    this.#session.disconnect();
  }

  async #attempt(run: number): Promise<void> {
    // Said again each time: a message may be lost with the stack that a termination unwinds.
    this.#post({ type: "interrupt", run });
    if (this.#read(Slot.phase) === Phase.starting && process.platform !== "win32")
      process.kill(process.pid, "SIGINT");
    await sleep(PATIENCE);
    const phase = this.#read(Slot.phase);
    if (
      this.#pending(run) &&
      (phase === Phase.awaiting || (phase === Phase.starting && process.platform === "win32"))
    )
      await this.#terminate();
  }

  #terminate(): Promise<void> {
    return new Promise((resolve) => this.#session.post("Runtime.terminateExecution", () => resolve()));
  }

  #pending(run: number): boolean {
    return (
      this.#read(Slot.run) === run && this.#read(Slot.phase) !== Phase.idle && this.#read(Slot.heard) !== run
    );
  }

  #read(slot: number): number {
    return Atomics.load(this.#state, slot);
  }
}
