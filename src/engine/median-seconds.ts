import { checkInteger } from "../core/checks.js";

/** How often something is timed. */
export interface TimingOptions {
  /** Runs that count; default 5. */
  readonly rounds?: number;
  /** Runs before those; default 1. */
  readonly warmUps?: number;
}

/**
 * How long something takes on this machine, now: the median over a few runs, in seconds.
 * @param work what it returns is awaited inside the timing
 * @throws ArgumentError
 */
export async function medianSeconds(work: () => unknown, options: TimingOptions = {}): Promise<number> {
  const { rounds = 5, warmUps = 1 } = options;
  checkInteger("rounds", rounds, { min: 1 });
  checkInteger("warmUps", warmUps, { min: 0 });
  const times: number[] = [];
  for (let run = -warmUps; run < rounds; run++) {
    const began = performance.now();
    await work();
    if (run >= 0) times.push((performance.now() - began) / 1000);
  }
  times.sort((a, b) => a - b);
  return (times[(rounds - 1) >> 1] + times[rounds >> 1]) / 2;
}
