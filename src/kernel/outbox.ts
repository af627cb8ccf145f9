import type { Publisher, Router } from "zeromq";

/** Sends messages over a socket one after the other, as zeromq wants it; none is dropped. */
export class Outbox {
  readonly #socket: Publisher | Router;
  #tail: Promise<void> = Promise.resolve();

  constructor(socket: Publisher | Router) {
    this.#socket = socket;
    socket.sendHighWaterMark = 0; // the default drops what comes after 1,000 unsent messages
  }

  send(frames: readonly (Buffer | string)[]): void {
    // A peer that has gone is no reason to stop.
    this.#tail = this.#tail.then(() => this.#socket.send([...frames])).catch(() => undefined);
  }

  /** Resolves once everything has gone out. */
  flushed(): Promise<void> {
    return this.#tail;
  }
}
