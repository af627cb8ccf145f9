import { fieldsFrom, type Fields } from "./fields/draws.js";
import { mnist, type MnistOptions } from "./mnist.js";
import { resizeBilinear, signedDistance } from "./signed-distance.js";

/** Points an axis. */
const SIDE = 32;

/** Signed distance functions of digits, with their labels. */
export interface DigitShapes extends Fields {
  readonly labels: Uint8Array;
}

/**
 * The MNIST digits as shapes: resized to 32 by 32, inside where darker than a half, signed distances over the side.
 * @throws ArgumentError; Error where the package is missing
 */
export function mnistShapes(options: MnistOptions = {}): DigitShapes {
  const images = mnist(options);
  const values = new Float64Array(images.count * SIDE * SIDE);
  for (let i = 0; i < images.count; i++) {
    const image = resizeBilinear(images.rows(i, i + 1), images.width, SIDE);
    values.set(
      signedDistance(
        image.map((ink) => (ink > 0.5 ? 1 : 0)),
        SIDE,
      ),
      i * SIDE * SIDE,
    );
  }
  return { ...fieldsFrom(values, SIDE, 2), labels: images.labels };
}
