import { createRequire } from "node:module";

/** A cell, as far as its timers are concerned: a dead one's never fire. */
export interface TimerOwner {
  readonly dead: boolean;
}

/** How a timer finds its cell, and runs for it. */
export interface TimerScope<T extends TimerOwner> {
  /** The cell that is starting a timer; undefined for the kernel's own timers. */
  owner(): T | undefined;
  /** Runs a callback on behalf of its cell. */
  run(owner: T, callback: () => void): void;
}

type Timer = (callback: (...args: unknown[]) => void, ...rest: unknown[]) => unknown;
type Waiter = (...args: unknown[]) => Promise<unknown>;

const NAMES = ["setTimeout", "setInterval", "setImmediate"] as const;
const WAITERS = ["setTimeout", "setImmediate"] as const;

/**
 * Makes timers belong to the cell that starts them. The timers of an interrupted cell are dropped, which ends its
 * awaiting loops. (No AsyncLocalStorage: with async_hooks on, ending a loop by V8 ends the process on Node 20.)
 */
export function adoptTimers<T extends TimerOwner>(scope: TimerScope<T>): void {
  const globals = globalThis as unknown as Record<string, Timer>;
  for (const name of NAMES) {
    const start = globals[name];
    const adopted: Timer = (callback, ...rest) => {
      const owner = scope.owner();
      if (!owner || typeof callback !== "function") return start(callback, ...rest);
      return start(
        (...args) => {
          if (!owner.dead) scope.run(owner, () => callback(...args));
        },
        ...rest,
      );
    };
    // util.promisify reads a property of the timer.
    globals[name] = Object.defineProperties<Timer>(adopted, Object.getOwnPropertyDescriptors(start));
  }
  const promises = createRequire(import.meta.url)("node:timers/promises") as Record<string, Waiter>;
  for (const name of WAITERS) {
    const wait = promises[name];
    promises[name] = async (...args) => {
      const owner = scope.owner();
      const value = await wait(...args);
      if (owner?.dead) await new Promise(() => undefined);
      return value;
    };
  }
}
