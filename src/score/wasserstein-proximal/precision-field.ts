import { checkPoints } from "../../core/checks.js";
import { OnnxSession, type ArrayValue } from "../../onnx/index.js";
import { forwardModel, type Network } from "./network.js";
import { triangleSize } from "./precision.js";

/** Points in one run of the network: about 2 ms. */
const ROWS = 2048;

/**
 * The learned field of precisions x ↦ L(x) L(x)ᵀ + ε I, L(x) the lower triangle that the network gives row by row.
 *
 * @returns a function from n·d numbers to n·d² numbers
 */
export function precisionField(
  net: Network,
  weights: Float64Array,
  dim: number,
  epsilon: number,
): (points: Float64Array) => Promise<Float64Array> {
  let session: Promise<OnnxSession> | undefined;
  const vector: ArrayValue = { type: "float32", shape: [net.size], data: Float32Array.from(weights) };
  return async (points) => {
    const n = checkPoints("points", points, dim);
    session ??= OnnxSession.create(forwardModel(net));
    const model = await session;
    const out = new Float64Array(n * dim * dim);
    for (let from = 0; from < n; from += ROWS) {
      const x = Float32Array.from(points.subarray(from * dim, (from + ROWS) * dim));
      const { y } = await model.run({
        weights: vector,
        x: { type: "float32", shape: [x.length / dim, dim], data: x },
      });
      fillGram(out, y.data as Float32Array, from, dim, epsilon);
    }
    return out;
  };
}

/** L Lᵀ + ε I for consecutive triangles. */
function fillGram(
  out: Float64Array,
  triangles: Float32Array,
  from: number,
  dim: number,
  epsilon: number,
): void {
  const size = triangleSize(dim);
  for (let i = 0; i < triangles.length / size; i++) {
    const at = (from + i) * dim * dim;
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k <= j; k++) {
        const [row, column] = [i * size + triangleSize(j), i * size + triangleSize(k)];
        let sum = j === k ? epsilon : 0;
        for (let l = 0; l <= k; l++) sum += triangles[row + l] * triangles[column + l];
        out[at + j * dim + k] = out[at + k * dim + j] = sum;
      }
    }
  }
}
