import { describe, expect, it } from "vitest";
import { OnnxSession } from "../../../src/onnx/index.js";
import { key, normal } from "../../../src/random/index.js";
import { evaluate } from "../../../src/score/wasserstein-proximal/evaluate-task.js";
import {
  forwardModel,
  gradientModel,
  initialWeights,
  network,
  tensorsOf,
  type Network,
} from "../../../src/score/wasserstein-proximal/network.js";
import { pairModel } from "../../../src/score/wasserstein-proximal/pair-model.js";
import {
  fillPrecisions,
  roomForPrecisions,
  triangleGradient,
  triangleSize,
  type Precisions,
} from "../../../src/score/wasserstein-proximal/precision.js";

const EPSILON = 0.05;

function precisionsOf(triangles: Float64Array, centres: Float64Array, dim: number): Precisions {
  const n = centres.length / dim;
  const out = roomForPrecisions(centres, dim, (length) => new Float64Array(length));
  fillPrecisions(out, triangles, 0, n, dim, EPSILON);
  return out;
}

/** Symmetric matrices from their lower triangles. */
function matrices(triangles: Float64Array, dim: number): Float64Array {
  const out = new Float64Array((triangles.length / triangleSize(dim)) * dim * dim);
  return out.map((_, at) => {
    const [i, j, k] = [Math.floor(at / dim / dim), Math.floor(at / dim) % dim, at % dim];
    return triangles[i * triangleSize(dim) + triangleSize(Math.max(j, k)) + Math.min(j, k)];
  });
}

/** Summed loss by the direct formula, from Γ alone. */
function directLoss(
  triangles: Float64Array,
  centres: Float64Array,
  x: Float64Array,
  dim: number,
  exclude?: Int32Array,
): number {
  const { gamma: halves, lambda } = precisionsOf(triangles, centres, dim);
  const gamma = matrices(halves, dim);
  const width = 1 + dim + triangleSize(dim);
  const halfLogDet = Float64Array.from({ length: centres.length / dim }, (_, i) => {
    // λ_0 = ½ log det Γ - ½ zᵀΓz
    let form = 0;
    for (let j = 0; j < dim; j++) form += lambda[i * width + 1 + j] * centres[i * dim + j];
    return lambda[i * width] + form / 2;
  });
  const { loss } = evaluate({ x, centres, precision: gamma, halfLogDet, dim, exclude });
  return loss.reduce((sum, v) => sum + v, 0);
}

describe.each([
  [1, 4, false],
  [2, 7, false],
  [3, 6, true],
  [6, 5, false],
])("the implicit loss in %i dimensions with %i kernels (leave one out: %s)", (dim, n, leaveOneOut) => {
  const b = 5;
  const triangles = normal(key(1), n * triangleSize(dim));
  const centres = normal(key(2), n * dim);
  const x = leaveOneOut ? centres.slice(0, b * dim) : normal(key(3), b * dim);
  const exclude = leaveOneOut ? Int32Array.from({ length: b }, (_, i) => i) : undefined;

  it("has the value of the direct formula and the gradient of its differences", async () => {
    const session = await OnnxSession.create(pairModel(dim, n, leaveOneOut));
    const p = precisionsOf(triangles, centres, dim);
    const f = 1 + dim + triangleSize(dim);
    const found = await session.run({
      x: { type: "float64", shape: [b, dim], data: x },
      lambda: { type: "float64", shape: [n, f], data: p.lambda },
      table: { type: "float64", shape: [n, 2 * f + 1], data: p.table },
      ...(exclude && {
        own: { type: "int64", shape: [b, 1], data: BigInt64Array.from(exclude, BigInt) } as const,
      }),
    });
    const loss = (found.loss.data as Float64Array).reduce((sum, v) => sum + v, 0);
    const direct = directLoss(triangles, centres, x, dim, exclude);
    expect(Math.abs(loss - direct)).toBeLessThan(1e-10 * Math.max(1, Math.abs(direct)));

    const moments = {
      weighted: found.weighted.data as Float64Array,
      tilted: found.tilted.data as Float64Array,
    };
    const gradient = new Float64Array(triangles.length);
    triangleGradient(gradient, p, moments, 0, n, dim, 1);
    const scale = Math.max(1, ...gradient.map(Math.abs));
    const at = (k: number, by: number): number => {
      const moved = triangles.slice();
      moved[k] += by;
      return directLoss(moved, centres, x, dim, exclude);
    };
    // fourth-order differences: truncation h⁴ times fifth derivatives, rounding 1e-16 / h, both below 1e-8 of the largest entry
    const h = 1e-3;
    gradient.forEach((g, k) => {
      const slope = (8 * (at(k, h) - at(k, -h)) - (at(k, 2 * h) - at(k, -2 * h))) / (12 * h);
      expect(Math.abs(slope - g)).toBeLessThan(1e-8 * scale);
    });
  });
});

describe("the network", () => {
  const net = network([2, 9, 7, 3]);
  const weights = initialWeights(net, key(4));
  const n = 6;
  const x = normal(key(5), n * 2);

  it("starts with weights and biases within 1/sqrt(fan-in), spread over all of it", () => {
    for (const { name, start, end } of tensorsOf(net)) {
      const bound = 1 / Math.sqrt(net.widths[Number(name[1])]);
      const part = weights.subarray(start, end);
      expect(Math.max(...part.map(Math.abs))).toBeLessThanOrEqual(bound);
      expect(Math.max(...part.map(Math.abs))).toBeGreaterThan(bound / 4);
    }
  });

  const feeds = (values: Float64Array) => ({
    x: { type: "float32", shape: [n, 2], data: Float32Array.from(x) } as const,
    weights: { type: "float32", shape: [net.size], data: Float32Array.from(values) } as const,
  });

  it("computes what float64 loops compute, to single precision", async () => {
    const session = await OnnxSession.create(forwardModel(net));
    const y = (await session.run(feeds(weights))).y.data as Float32Array;
    reference(net, weights, x).forEach((v, k) => expect(Math.abs(v - y[k])).toBeLessThan(2e-6));
  });

  it("has the gradient of its differences, to single precision", async () => {
    const dy = normal(key(6), n * 3);
    const session = await OnnxSession.create(gradientModel(net));
    const found = await session.run({
      ...feeds(weights),
      ones: { type: "float32", shape: [1, n], data: new Float32Array(n).fill(1) },
      dy: { type: "float32", shape: [n, 3], data: Float32Array.from(dy) },
    });
    const value = (w: Float64Array): number => reference(net, w, x).reduce((sum, v, k) => sum + v * dy[k], 0);
    const h = 1e-5;
    const gradient = found.gradient.data as Float32Array;
    expect(gradient.length).toBe(net.size);
    gradient.forEach((g, k) => {
      const moved = (by: number): Float64Array => weights.map((w, at) => (at === k ? w + by : w));
      const slope = (value(moved(h)) - value(moved(-h))) / (2 * h);
      // sums of 18 terms of size one in single precision
      expect(Math.abs(slope - g)).toBeLessThan(1e-5);
    });
  });
});

/** Φ by its series, good to 1e-12 for |z| < 5. */
function normalCdf(z: number): number {
  let [sum, term] = [z, z];
  for (let k = 1; k < 80; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

function reference(net: Network, weights: Float64Array, x: Float64Array): Float64Array {
  let layer = x;
  for (let l = 0; l + 1 < net.widths.length; l++) {
    const [inputs, outputs] = [net.widths[l], net.widths[l + 1]];
    layer = Float64Array.from({ length: (layer.length / inputs) * outputs }, (_, at) => {
      const [row, column] = [Math.floor(at / outputs), at % outputs];
      let sum = weights[net.biases[l] + column];
      for (let k = 0; k < inputs; k++)
        sum += layer[row * inputs + k] * weights[net.weights[l] + k * outputs + column];
      return l + 2 === net.widths.length ? sum : sum * normalCdf(sum);
    });
  }
  return layer;
}
