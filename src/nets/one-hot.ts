import { checkInteger } from "../core/checks.js";

/**
 * Classes as rows of zeros with a one, as nets take them: n·classes numbers, where classes is the greatest label and 1.
 * @param labels 0, 1, ...
 * @throws ArgumentError
 */
export function oneHot(labels: ArrayLike<number>): {
  readonly rows: Float32Array;
  readonly classes: number;
} {
  const all = Array.from(labels, (label, i) => checkInteger(`labels[${i}]`, label, { min: 0 }));
  const classes = 1 + all.reduce((most, label) => Math.max(most, label), 0);
  const rows = new Float32Array(all.length * classes);
  all.forEach((label, i) => (rows[i * classes + label] = 1));
  return { rows, classes };
}
