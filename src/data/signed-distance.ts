import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/**
 * The distance of every pixel of a square picture to the nearest pixel of a set, squared, in pixels: exact, by lower envelopes of
 * parabolas, one axis after the other (Felzenszwalb and Huttenlocher 2012). Infinite where the set is empty.
 */
function squaredDistances(inside: (p: number) => boolean, n: number): Float64Array {
  const field = Float64Array.from({ length: n * n }, (_, p) => (inside(p) ? 0 : Infinity));
  for (let column = 0; column < n; column++) envelope(field, column, n, n);
  for (let row = 0; row < n; row++) envelope(field, row * n, 1, n);
  return field;
}

/** min_q (p - q)² + f(q) along a line, in place. */
function envelope(field: Float64Array, start: number, stride: number, n: number): void {
  const f = Float64Array.from({ length: n }, (_, i) => field[start + i * stride]);
  const vertices: number[] = [];
  const from: number[] = [];
  for (let q = 0; q < n; q++) {
    if (f[q] === Infinity) continue;
    let meets = -Infinity;
    while (vertices.length > 0) {
      const v = vertices[vertices.length - 1];
      meets = (f[q] + q * q - f[v] - v * v) / (2 * q - 2 * v);
      if (meets > from[from.length - 1]) break;
      vertices.pop();
      from.pop();
      meets = -Infinity;
    }
    vertices.push(q);
    from.push(meets);
  }
  if (vertices.length === 0) return;
  for (let p = 0, k = 0; p < n; p++) {
    while (k + 1 < vertices.length && from[k + 1] < p) k++;
    field[start + p * stride] = (p - vertices[k]) ** 2 + f[vertices[k]];
  }
}

/**
 * The signed distance of every pixel of a mask to the other side, over the side: d(outside) - d(inside), negative inside.
 *
 * Distances run between centres of pixels, so the value jumps from -1/n to 1/n at the outline. A mask that is all one side has the
 * distance ±1.
 *
 * @param mask n·n numbers, inside where greater than 0
 * @throws ArgumentError
 */
export function signedDistance(mask: Float64Array | Uint8Array, n: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  if (mask.length !== n * n) throw new ArgumentError("mask", mask, `${n}·${n} numbers`);
  const toInside = squaredDistances((p) => mask[p] > 0, n);
  const toOutside = squaredDistances((p) => !(mask[p] > 0), n);
  return toInside.map((square, p) =>
    Math.max(-1, Math.min(1, (Math.sqrt(square) - Math.sqrt(toOutside[p])) / n)),
  );
}

/** A square picture of m points an axis on n points, between pixel centres by lines; edges are continued. @throws ArgumentError */
export function resizeBilinear(image: Float64Array, m: number, n: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  if (image.length !== m * m) throw new ArgumentError("image", image, `${m}·${m} numbers`);
  const place = (i: number): readonly [number, number, number] => {
    const x = Math.min(m - 1, Math.max(0, ((i + 0.5) * m) / n - 0.5));
    const below = Math.min(m - 1, Math.floor(x));
    return [below, Math.min(m - 1, below + 1), x - below];
  };
  return Float64Array.from({ length: n * n }, (_, p) => {
    const [top, bottom, down] = place(Math.floor(p / n));
    const [left, right, across] = place(p % n);
    const upper = (1 - across) * image[top * m + left] + across * image[top * m + right];
    const lower = (1 - across) * image[bottom * m + left] + across * image[bottom * m + right];
    return (1 - down) * upper + down * lower;
  });
}
