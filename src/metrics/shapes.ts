import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** What can be said of a shape without looking at it. */
export interface ShapeStatistics {
  /** Share of the square that is inside. */
  readonly area: number;
  /** Length of the outline over the side, along the edges of pixels. */
  readonly perimeter: number;
  /** Pieces less holes, pixels that touch at a corner counting as joined. */
  readonly eulerNumber: number;
  /** Mean of (|∇d| - 1)² over the inner points, d in units of the side. */
  readonly eikonal: number;
}

/**
 * Area, outline, topology and slope of a signed distance function on a grid; inside is where it is negative.
 * @param distance n·n numbers in units of the side
 * @throws ArgumentError
 */
export function shapeStatistics(distance: Float64Array, n: number): ShapeStatistics {
  checkInteger("n", n, { min: 3 });
  if (distance.length !== n * n) throw new ArgumentError("distance", distance, `${n}·${n} numbers`);
  const inside = (i: number, j: number): boolean =>
    i >= 0 && j >= 0 && i < n && j < n && distance[i * n + j] < 0;
  let [area, edges, sum] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (inside(i, j)) area++;
      if (inside(i, j) !== inside(i, j + 1)) edges++;
      if (inside(i, j) !== inside(i + 1, j)) edges++;
      if (i === 0 || j === 0 || i === n - 1 || j === n - 1) continue;
      const down = (n * (distance[(i + 1) * n + j] - distance[(i - 1) * n + j])) / 2;
      const across = (n * (distance[i * n + j + 1] - distance[i * n + j - 1])) / 2;
      sum += (Math.hypot(down, across) - 1) ** 2;
    }
  }
  return {
    area: area / (n * n),
    perimeter: edges / n,
    eulerNumber: euler(inside, n),
    eikonal: sum / (n - 2) ** 2,
  };
}

/** Over all two-by-two windows: (windows with one pixel - windows with three - 2 diagonal pairs)/4 (Gray 1971). */
function euler(inside: (i: number, j: number) => boolean, n: number): number {
  let total = 0;
  for (let i = -1; i < n; i++) {
    for (let j = -1; j < n; j++) {
      const [a, b, c, d] = [inside(i, j), inside(i, j + 1), inside(i + 1, j), inside(i + 1, j + 1)];
      const count = [a, b, c, d].filter(Boolean).length;
      if (count === 1) total++;
      else if (count === 3) total--;
      else if (count === 2 && a === d) total -= 2;
    }
  }
  return total / 4;
}
