import { checkKeys, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { resample } from "../linalg/index.js";
import {
  confidence,
  fitClassifier,
  type Classifier,
  type ClassifierOptions,
  type Confidence,
} from "./classifier.js";
import { coverage } from "./coverage.js";
import { meanEstimate } from "./field-energy.js";
import { shapeStatistics } from "./shapes.js";

/** Options of `fitShapeJudge`. */
export interface ShapeJudgeOptions extends Omit<ClassifierOptions, "dim"> {
  /** Points an axis of the shapes, a power of two. */
  readonly size: number;
  /** Cells an axis of the pictures that the judge looks at. */
  readonly cells: number;
  /** Points an axis of finer grids on which it sees the same shapes again; default none. */
  readonly upsampled?: readonly number[];
}

/**
 * Learn to tell classes of shapes apart by pictures that are of one size on every grid (`coverage`), also of the same shapes between
 * their grid points, as their cosine series has them: an outline that is smoother than the pixels must not look strange to the judge.
 *
 * @param distances n·size² signed distances, negative inside
 * @throws ArgumentError
 */
export async function fitShapeJudge(
  distances: Float64Array,
  { size, cells, upsampled = [], labels, ...options }: ShapeJudgeOptions,
): Promise<Classifier> {
  const count = checkPoints("distances", distances, size * size);
  if (labels.length !== count) throw new ArgumentError("labels", labels, `${count} classes, one a shape`);
  const grid = { basis: "cosine", size, dim: 2 } as const;
  const finer = upsampled.map((to) => coverage(resample(distances, grid, to), to, cells));
  const pictures = [coverage(distances, size, cells), ...finer];
  return fitClassifier(joined(pictures), {
    ...options,
    dim: cells * cells,
    labels: pictures.flatMap(() => Array.from(labels)),
  });
}

/** What is kept of shapes to judge them by: as many numbers on every grid. */
export interface ShapeRecord {
  /** cells² numbers a shape. */
  readonly pictures: Float64Array;
  /** Area, perimeter, Euler number and Eikonal residual of each shape. */
  readonly statistics: Float64Array;
}

/**
 * Pictures and statistics of shapes on a grid.
 * @param distances n·size² signed distances, negative inside
 * @param cells of a picture, an axis
 * @throws ArgumentError
 */
export function shapeRecord(distances: Float64Array, size: number, cells: number): ShapeRecord {
  const pictures = coverage(distances, size, cells);
  const statistics = Array.from({ length: distances.length / size ** 2 }, (_, i) => {
    const each = shapeStatistics(distances.subarray(i * size * size, (i + 1) * size * size), size);
    return [each.area, each.perimeter, each.eulerNumber, each.eikonal];
  });
  return { pictures, statistics: Float64Array.from(statistics.flat()) };
}

/** What a judge makes of shapes, and what they are on average. */
export interface JudgedShapes extends Confidence {
  readonly area: number;
  /** Mean perimeter over mean area. */
  readonly outline: number;
  readonly eulerNumber: number;
  readonly eikonal: number;
}

/**
 * Judge shapes by their records.
 * @param records of all shapes, in one part or several
 * @param options the class that each shape should be of, and the probability from which the judge is sure
 * @throws ArgumentError for fewer than two shapes, or another number of classes
 */
export async function judgeShapes(
  judge: Classifier,
  records: readonly ShapeRecord[],
  options: { readonly asked?: ArrayLike<number>; readonly threshold?: number } = {},
): Promise<JudgedShapes> {
  checkKeys("options", options, ["asked", "threshold"]);
  if (records.length === 0) throw new ArgumentError("records", records, "at least one part");
  const sure = confidence(
    await judge.probabilities(joined(records.map(({ pictures }) => pictures))),
    judge.classes,
    options,
  );
  const statistics = joined(records.map((record) => record.statistics));
  const [area, perimeter, eulerNumber, eikonal] = [0, 1, 2, 3].map(
    (k) => meanEstimate(statistics.filter((_, i) => i % 4 === k)).mean,
  );
  return { ...sure, area, outline: perimeter / area, eulerNumber, eikonal };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
