import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import { Phase, Slot } from "./threads.js";
import type { Order } from "./threads.js";

const PATIENCE = 250;
const ATTEMPTS = 240;
/** Attempts for which a cell that has heard is left to end by itself. */
const TRUST = 4;

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

  /** Interrupts a run, also one that the main thread has not begun because an earlier one left it in a loop. */
  async interrupt(run: number | undefined): Promise<void> {
    if (run === undefined || this.#ending === run) return;
    Atomics.store(this.#state, Slot.wanted, run);
    this.#ending = run;
    for (let i = 0; i < ATTEMPTS && this.#isGoingOn(run); i++)
      if (this.#hasBegun(run) && this.#hasHeard(run) && i < TRUST) await sleep(PATIENCE);
      else await this.#attempt(run);
    if (this.#ending === run) this.#ending = undefined;
  }

  /** Lets go of the main thread; a session that stays open would keep the process from ending. */
  close(): void {
    this.#session.disconnect();
  }

  async #attempt(run: number): Promise<void> {
    // Said again each time: a message may be lost with the stack that a termination unwinds.
    this.#post({ type: "interrupt", run });
    if (this.#hasBegun(run) && this.#read(Slot.phase) === Phase.starting && process.platform !== "win32")
      process.kill(process.pid, "SIGINT");
    await sleep(PATIENCE);
    if (this.#isGoingOn(run) && this.#isDeaf(run)) await this.#terminate();
  }

  /** Whether the main thread is in code of a cell, and not in TypeScript, which must not be broken off. */
  #isDeaf(run: number): boolean {
    const phase = this.#read(Slot.phase);
    if (!this.#hasBegun(run)) return phase === Phase.idle;
    return phase === Phase.awaiting || (phase === Phase.starting && process.platform === "win32");
  }

  #terminate(): Promise<void> {
    return new Promise((resolve) => this.#session.post("Runtime.terminateExecution", () => resolve()));
  }

  #hasBegun(run: number): boolean {
    return this.#read(Slot.run) === run;
  }

  #hasHeard(run: number): boolean {
    return this.#read(Slot.heard) === run;
  }

  /** Whether a run has not ended: it goes on, or waits for the main thread. */
  #isGoingOn(run: number): boolean {
    const now = this.#read(Slot.run);
    return now < run || (now === run && this.#read(Slot.phase) !== Phase.idle);
  }

  #read(slot: number): number {
    return Atomics.load(this.#state, slot);
  }
}
