// Not the global one: a kernel may drop an interrupted cell's timers, but the loop has yet to save its state.
import { setImmediate } from "node:timers";
import type { ProgressEvent } from "../core/progress.js";

/** How far training is. */
export interface FitProgress extends ProgressEvent {
  /** Mean loss since the last event; NaN where every step since was skipped. */
  readonly loss: number;
  readonly learningRate: number;
  /** Steps a second. */
  readonly rate: number;
  readonly secondsLeft: number;
  /** Steps skipped since the run began. */
  readonly skipped: number;
}

/** What a step adds to the next event. */
export interface Tick {
  readonly done: number;
  readonly total: number;
  readonly loss: number | undefined;
  readonly learningRate: number;
  readonly skipped: number;
  readonly metrics?: Readonly<Record<string, number>>;
}

const MIN_INTERVAL = 100;
const MAX_BLOCK = 8;

/** Lets the event loop run, and reports at most ten times a second. */
export class Pace {
  private readonly report: ((event: FitProgress) => void) | undefined;
  private readonly began = performance.now();
  private readonly first: number;
  private sum = 0;
  private count = 0;
  private reported = this.began;
  private yielded = this.began;

  constructor(first: number, report: ((event: FitProgress) => void) | undefined) {
    this.first = first;
    this.report = report;
  }

  private get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** After a step: report if it is time, or in any case. */
  tick(tick: Tick, always: boolean): void {
    if (tick.loss !== undefined) {
      this.sum += tick.loss;
      this.count++;
    }
    const now = performance.now();
    if (this.report === undefined || !(always || now - this.reported >= MIN_INTERVAL)) return;
    this.report(this.event(tick));
    [this.sum, this.count, this.reported] = [0, 0, now];
  }

  /** Give timers, messages and interrupts their turn, if they have not had it for some milliseconds. */
  async breathe(): Promise<void> {
    if (performance.now() - this.yielded < MAX_BLOCK) return;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    this.yielded = performance.now();
  }

  private event({ done, total, learningRate, skipped, metrics = {} }: Tick): FitProgress {
    const loss = this.sum / this.count;
    const rate = (done - this.first) / this.seconds;
    const numbers = Object.entries({ loss, ...metrics }).map(([name, value]) => `${name} ${short(value)}`);
    const note = [...numbers, ...(skipped > 0 ? [`${skipped} steps skipped`] : [])].join(", ");
    const secondsLeft = rate > 0 ? (total - done) / rate : Infinity;
    return { done, total, note, loss, learningRate, rate, secondsLeft, skipped };
  }
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
