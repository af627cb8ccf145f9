import { ArgumentError } from "../core/errors.js";
import type { Row } from "./row-file.js";

/**
 * Seconds a step of training at the pace of the fastest part of some rows: whatever else a machine does only makes parts slower.
 *
 * @param rows of one method, with parts named "<steps so far> steps"; others do not count
 * @throws ArgumentError where no row has such a part
 */
export function pace(rows: readonly Pick<Row, "seconds">[]): number {
  let least = Infinity;
  for (const { seconds } of rows) {
    const ends = Object.keys(seconds)
      .filter((name) => /^\d+ steps$/.test(name))
      .map((name) => parseInt(name, 10))
      .sort((a, b) => a - b);
    ends.forEach((end, i) => {
      least = Math.min(least, seconds[`${end} steps`] / (end - (ends[i - 1] ?? 0)));
    });
  }
  if (least === Infinity) throw new ArgumentError("rows", rows, 'rows with parts named "<number> steps"');
  return least;
}
