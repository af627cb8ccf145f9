import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/**
 * The distance of every pixel of a square picture to the nearest pixel of a set, squared, in pixels: exact, by lower envelopes of
 * parabolas, one axis after the other (Felzenszwalb and Huttenlocher 2012). Infinite where the set is empty.
 */
function squaredDistances(mask: ArrayLike<number>, inside: boolean, n: number): Float64Array {
  const field = new Float64Array(n * n);
  for (let p = 0; p < field.length; p++) field[p] = mask[p] > 0 === inside ? 0 : Infinity;
  const room = { f: new Float64Array(n), vertices: new Int32Array(n), from: new Float64Array(n) };
  for (let column = 0; column < n; column++) envelope(field, column, n, n, room);
  for (let row = 0; row < n; row++) envelope(field, row * n, 1, n, room);
  return field;
}

interface Room {
  readonly f: Float64Array;
  readonly vertices: Int32Array;
  readonly from: Float64Array;
}

/** min_q (p - q)² + f(q) along a line, in place. */
function envelope(field: Float64Array, start: number, stride: number, n: number, room: Room): void {
  const { f, vertices, from } = room;
  for (let i = 0; i < n; i++) f[i] = field[start + i * stride];
  let count = 0;
  for (let q = 0; q < n; q++) {
    if (f[q] === Infinity) continue;
    let meets = -Infinity;
    while (count > 0) {
      const v = vertices[count - 1];
      meets = (f[q] + q * q - f[v] - v * v) / (2 * q - 2 * v);
      if (meets > from[count - 1]) break;
      count--;
      meets = -Infinity;
    }
    vertices[count] = q;
    from[count++] = meets;
  }
  for (let p = 0, k = 0; count > 0 && p < n; p++) {
    while (k + 1 < count && from[k + 1] < p) k++;
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
  const toInside = squaredDistances(mask, true, n);
  const toOutside = squaredDistances(mask, false, n);
  return toInside.map((square, p) =>
    Math.max(-1, Math.min(1, (Math.sqrt(square) - Math.sqrt(toOutside[p])) / n)),
  );
}

/** A square picture of m points an axis on n points, between pixel centres by lines; edges are continued. @throws ArgumentError */
export function resizeBilinear(image: Float64Array, m: number, n: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  if (image.length !== m * m) throw new ArgumentError("image", image, `${m}·${m} numbers`);
  const places = Array.from({ length: n }, (_, i) => {
    const x = Math.min(m - 1, Math.max(0, ((i + 0.5) * m) / n - 0.5));
    const below = Math.min(m - 1, Math.floor(x));
    return { below, above: Math.min(m - 1, below + 1), share: x - below };
  });
  const out = new Float64Array(n * n);
  places.forEach(({ below: top, above: bottom, share: down }, row) => {
    places.forEach(({ below: left, above: right, share: across }, column) => {
      const upper = (1 - across) * image[top * m + left] + across * image[top * m + right];
      const lower = (1 - across) * image[bottom * m + left] + across * image[bottom * m + right];
      out[row * n + column] = (1 - down) * upper + down * lower;
    });
  });
  return out;
}
