const OUTSIDE = 0;
const INSIDE = 1;
/** Inside, and to stop when it comes out. */
const AWAITED = 2;
/** Outside for good. */
const CLOSED = 3;

/** Native calls that may still run when the process leaves: a thread is given so long to come out of one. */
const PATIENCE = 10_000;

/**
 * Where a thread is, as its owner sees it. A thread that is ended inside of native code takes the whole process along: the
 * code goes on, and finds no JavaScript to hand its results to.
 */
export class NativeGate {
  readonly memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  private readonly place = new Int32Array(this.memory);

  constructor() {
    if (open.size === 0) process.once("exit", closeAll);
    open.add(this);
  }

  /** Resolves when the thread is outside of native code and will never enter it again: it may be ended now. */
  async close(): Promise<void> {
    while (!this.closed()) await Atomics.waitAsync(this.place, 0, AWAITED).value;
  }

  /** The same, for a process that leaves: this thread waits. */
  closeNow(): void {
    while (!this.closed()) if (Atomics.wait(this.place, 0, AWAITED, PATIENCE) === "timed-out") return;
  }

  /** The thread is gone, whoever ended it. */
  forget(): void {
    open.delete(this);
    if (open.size === 0) process.off("exit", closeAll);
    Atomics.store(this.place, 0, CLOSED);
    Atomics.notify(this.place, 0);
  }

  /** Ask for it. */
  closed(): boolean {
    Atomics.compareExchange(this.place, 0, OUTSIDE, CLOSED);
    Atomics.compareExchange(this.place, 0, INSIDE, AWAITED);
    return Atomics.load(this.place, 0) === CLOSED;
  }
}

/** Gates of the threads that are alive. */
const open = new Set<NativeGate>();

function closeAll(): void {
  const gates = [...open];
  for (const gate of gates) gate.closed();
  for (const gate of gates) gate.closeNow();
}

let place: Int32Array | undefined;
let depth = 0;

/** In a thread: from now on its native calls pass this gate. */
export function passThrough(memory: SharedArrayBuffer): void {
  place = new Int32Array(memory);
}

/** A native call, which the thread's owner lets come to its end before it ends the thread. */
export async function native<T>(call: () => T | Promise<T>): Promise<T> {
  enter();
  try {
    return await call();
  } finally {
    leave();
  }
}

function enter(): void {
  if (depth++ > 0 || place === undefined) return;
  if (Atomics.compareExchange(place, 0, OUTSIDE, INSIDE) === CLOSED) awaitTheEnd(place);
}

function leave(): void {
  if (--depth > 0 || place === undefined) return;
  if (Atomics.compareExchange(place, 0, INSIDE, OUTSIDE) !== AWAITED) return;
  Atomics.store(place, 0, CLOSED);
  Atomics.notify(place, 0);
  awaitTheEnd(place);
}

/** The thread stands still, so that it writes nothing more, until its owner ends it. */
function awaitTheEnd(at: Int32Array): void {
  Atomics.wait(at, 0, CLOSED);
}
