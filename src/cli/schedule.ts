/**
 * Works through items in order, `jobs` at a time, and gives the results in the items' order.
 * @param stop after a result for which it holds, no further item is begun; its result is undefined
 */
export async function schedule<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<R>,
  stop: (result: R) => boolean,
): Promise<(R | undefined)[]> {
  const results = new Array<R | undefined>(items.length).fill(undefined);
  let next = 0;
  let stopped = false;
  const lane = async (): Promise<void> => {
    while (!stopped && next < items.length) {
      const index = next++;
      const result = await work(items[index]);
      results[index] = result;
      stopped ||= stop(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, lane));
  return results;
}
