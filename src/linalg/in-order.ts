/**
 * Run tasks 0, ..., count - 1, at most `limit` at a time, and take their results in the order of their numbers.
 *
 * Sums taken in this order do not depend on which task ended first, nor on the number of threads.
 *
 * @throws whatever the first task that fails throws; those already running go on, their results are dropped
 */
export async function inOrder<T>(
  count: number,
  limit: number,
  start: (i: number) => Promise<T>,
  take: (result: T, i: number) => void,
): Promise<void> {
  const running: Promise<T>[] = [];
  for (let i = 0; i < count + limit; i++) {
    if (i >= limit && i - limit < count) take(await (running.shift() as Promise<T>), i - limit);
    if (i >= count) continue;
    const task = start(i);
    task.catch(() => undefined); // a failure is reported when its turn comes
    running.push(task);
  }
}
