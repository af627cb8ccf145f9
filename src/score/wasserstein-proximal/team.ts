/** Items of a phase and phases that a claim word can count. */
const ITEM_BITS = 12;
const OVER = 2 ** (31 - ITEM_BITS) - 1;
/** Milliseconds after which a thread that waits believes that another one was lost. */
const LOST = 120_000;
/** Looks at the phase before a thread goes to sleep, about 25 µs: to wake it up takes longer. */
const LOOKS = 5000;

/** Words that a team's control array holds: the running phase with its next item, and how many items are done. */
export const CONTROL_WORDS = 2;

/** Work that a team shares. */
export interface Phase {
  readonly items: number;
  readonly work: (item: number) => void | Promise<void>;
  /** What whoever does the last item does before the next phase starts. */
  readonly finish?: () => void;
}

/**
 * Threads that share the work of phases, each of which starts when the one before has ended. Whoever is free takes an item,
 * so one thread alone does all, a late one joins where the others are, and the result depends on the items only.
 */
export class Team {
  private readonly control: Int32Array;

  /** @param control CONTROL_WORDS zeros in shared memory, the same for all threads */
  constructor(control: Int32Array) {
    this.control = control;
  }

  /**
   * Do items of phase `number` until none is left, then wait for those that others do. Phases are numbered from 0.
   * @throws whatever an item throws; the other threads' phases then end at once
   */
  async phase(number: number, { items, work, finish }: Phase): Promise<void> {
    const { control } = this;
    for (;;) {
      const word = Atomics.load(control, 0);
      const item = word & (2 ** ITEM_BITS - 1);
      if (word >>> ITEM_BITS !== number) return;
      if (item >= items) break;
      if (Atomics.compareExchange(control, 0, word, word + 1) !== word) continue;
      try {
        await work(item);
        if (Atomics.add(control, 1, 1) + 1 < items) continue;
        finish?.();
      } catch (error) {
        this.advance(OVER);
        throw error;
      }
      Atomics.store(control, 1, 0);
      if (Atomics.load(control, 0) >>> ITEM_BITS === number) this.advance(number + 1);
      return;
    }
    this.wait(number);
  }

  private wait(number: number): void {
    for (let k = 0; k < LOOKS; k++) if (Atomics.load(this.control, 0) >>> ITEM_BITS !== number) return;
    for (;;) {
      const word = Atomics.load(this.control, 0);
      if (word >>> ITEM_BITS !== number) return;
      if (Atomics.wait(this.control, 0, word, LOST) === "timed-out") {
        this.advance(OVER);
        throw new Error("a thread that shared this work was lost");
      }
    }
  }

  private advance(number: number): void {
    Atomics.store(this.control, 0, number << ITEM_BITS);
    Atomics.notify(this.control, 0);
  }
}
