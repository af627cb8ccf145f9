import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tf as load } from "../../src/engine/tfjs.js";
import { derivatives, line } from "./jet.js";
import { derivativesOf, unaryCases } from "./unary-cases.js";

const tf = load();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** Small whole numbers: sums and products of them are exact in float32, so that adjoints can be compared exactly. */
function integers(shape: number[], seed: number): Tensor {
  const values = Array.from(
    { length: tf.util.sizeFromShape(shape) },
    (_, i) => ((i * 7 + seed * 13) % 11) - 5,
  );
  return tf.tensor(values, shape);
}
const dot = (a: Tensor, b: Tensor): number => a.mul(b).sum().dataSync()[0];

describe("derivatives of plain tfjs code", () => {
  it.each(unaryCases)("of $name are right to third order", ({ f, reference, points }) => {
    const expected = points.map((x) => derivatives(reference(line(x))));
    derivativesOf(f).forEach((derivative, order) => {
      const values = derivative(tf.tensor1d([...points])).dataSync();
      points.forEach((_, i) => {
        // A third derivative is some 40 operations, each rounded to 2^-24 of terms no larger than the largest derivative.
        const bound = 40 * 2 ** -24 * (1 + Math.max(...expected[i].map(Math.abs)));
        expect(Math.abs(values[i] - expected[i][order])).toBeLessThanOrEqual(bound);
      });
    });
  });

  it("of x sigmoid(x) at 0.7: 0.3912, where tfjs alone says 0.4434", () => {
    const second = derivativesOf((x) => x.mul(x.sigmoid()))[2];
    expect(second(tf.tensor1d([0.7])).dataSync()[0]).toBeCloseTo(0.3912, 4);
  });

  it("are zero, not an error, where nothing depends on the input", () => {
    expect(
      tf
        .grad(() => tf.scalar(2))(tf.tensor1d([1, 2]))
        .dataSync(),
    ).toEqual(Float32Array.of(0, 0));
    const [, unused] = tf.grads((a: Tensor) => a.sum())([tf.scalar(1), tf.tensor1d([1, 2])]);
    expect(unused.dataSync()).toEqual(Float32Array.of(0, 0));
  });

  it("still complain about variables that nothing depends on", () => {
    const v = tf.variable(tf.scalar(1));
    expect(() => tf.variableGrads(() => tf.scalar(2).asScalar(), [v])).toThrow(
      /connection between any variable/,
    );
    v.dispose();
  });
});

describe("the adjoint of a linear operation: <L x, y> = <x, L' y>, exactly", () => {
  const cases: [string, (x: Tensor) => Tensor, number[]][] = [
    ["cumsum along the first axis", (x) => tf.cumsum(x, 0), [3, 4, 2]],
    ["cumsum along the middle axis, reversed", (x) => tf.cumsum(x, 1, false, true), [3, 4, 2]],
    ["cumsum along the last axis, exclusive", (x) => tf.cumsum(x, 2, true), [3, 4, 2]],
    ["tile of rank 5", (x) => tf.tile(x, [2, 1, 3, 1, 2]), [1, 2, 1, 2, 2]],
    ["split into one piece", (x) => tf.split(x, 1)[0].mul(2), [3, 2]],
    ["unstack of one row", (x) => tf.unstack(x)[0].mul(2), [1, 4]],
    ["strided slice", (x) => tf.stridedSlice(x, [1, 0], [7, 5], [2, 3]), [7, 5]],
    ["strided slice, backwards", (x) => tf.stridedSlice(x, [6, 4], [0, 0], [-2, -3]), [7, 5]],
    ["strided slice with masks", (x) => tf.stridedSlice(x, [0, 2], [0, 3], [1, 1], 1, 1, 0, 0, 2), [7, 5]],
    [
      "strided slice that is empty",
      (x) => tf.stridedSlice(x, [3, 0], [3, 5], [1, 1]).sum().add(x.sum()),
      [7, 5],
    ],
    ["matrix product with a broadcast batch", (x) => tf.matMul(x, integers([5, 3, 2], 3)), [1, 4, 3]],
    [
      "transposed product with a broadcast batch",
      (x) => tf.matMul(integers([5, 3, 4], 3), x, true, true),
      [1, 2, 3],
    ],
    [
      "gatherND",
      (x) =>
        tf.gatherND(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [2, 0],
              [0, 1],
            ],
            [3, 2],
            "int32",
          ),
        ),
      [3, 2],
    ],
    ["scatterND", (x) => tf.scatterND(tf.tensor2d([[4], [1]], [2, 1], "int32"), x, [6, 3]), [2, 3]],
    [
      "bilinear resizing back",
      (x) =>
        tf.grad((z: Tensor) =>
          tf.image
            .resizeBilinear(z as Tensor4D, [5, 5], true)
            .mul(x)
            .sum(),
        )(tf.zeros([1, 3, 3, 1])),
      [1, 5, 5, 1],
    ],
    [
      "nearest resizing back",
      (x) =>
        tf.grad((z: Tensor) =>
          tf.image
            .resizeNearestNeighbor(z as Tensor4D, [6, 6])
            .mul(x)
            .sum(),
        )(tf.zeros([1, 3, 3, 1])),
      [1, 6, 6, 1],
    ],
    [
      "average pooling back",
      (x) =>
        tf.grad((z: Tensor) =>
          tf
            .avgPool(z as Tensor4D, 2, 2, "valid")
            .mul(x)
            .sum(),
        )(tf.zeros([1, 4, 4, 2])),
      [1, 2, 2, 2],
    ],
  ];
  it.each(cases)("%s", (_, map, shape) => {
    const x = integers(shape, 1);
    const image = map(x);
    const y = integers(image.shape, 2);
    const back = tf.grad((z: Tensor) => map(z).mul(y).sum())(x);
    expect(dot(x, back)).toBe(dot(image, y));
  });
});

describe("broadcasting operands get gradients of their own shape", () => {
  const a = (): Tensor => integers([3, 4], 1).add(0.5);
  const b = (): Tensor => integers([4], 5);
  const cases: [string, (a: Tensor, b: Tensor) => Tensor][] = [
    ["maximum", tf.maximum],
    ["minimum", tf.minimum],
    ["squared difference", tf.squaredDifference],
    ["modulus", (x, y) => tf.mod(x, y.abs().add(1))],
    ["floor division", (x, y) => tf.floorDiv(x, y.abs().add(1)).mul(x)],
    ["power", (x, y) => tf.pow(x.abs(), y.mul(0.25))],
    ["comparison", (x, y) => tf.where(x.greater(y), x.mul(y), y.sub(x))],
  ];
  it.each(cases)("%s", (_, f) => {
    const full = tf.grads((x: Tensor, y: Tensor) => f(x, y).sum())([a(), tf.broadcastTo(b(), [3, 4])]);
    const given = tf.grads((x: Tensor, y: Tensor) => f(x, y).sum())([a(), b()]);
    expect(given.map((g) => g.shape)).toEqual([[3, 4], [4]]);
    tf.test_util.expectArraysClose(given[0].dataSync(), full[0].dataSync(), 1e-6);
    tf.test_util.expectArraysClose(given[1].dataSync(), full[1].sum(0).dataSync(), 1e-4);
  });
});

describe("equal entries", () => {
  it("share the gradient of a maximum along an axis", () => {
    const gradient = tf.grad((x: Tensor) => x.max(1).sum())(tf.tensor2d([3, 3, 1, 0, 2, 1], [2, 3]));
    expect([...gradient.dataSync()]).toEqual([0.5, 0.5, 0, 0, 1, 0]);
  });

  it("share the gradient of a minimum over everything", () => {
    const gradient = tf.grad((x: Tensor) => x.min())(tf.tensor1d([1, 2, 1, 1, 1]));
    expect([...gradient.dataSync()]).toEqual([0.25, 0, 0.25, 0.25, 0.25]);
  });
});

describe("second derivatives through two operands", () => {
  it("of a convolution: grad_x <grad_w <x * w, c>, m> = grad_x <x * m, c>, exactly", () => {
    const [x, w, m] = [integers([2, 5, 5, 2], 1), integers([3, 3, 2, 3], 2), integers([3, 3, 2, 3], 3)];
    const score = (image: Tensor, filter: Tensor): Tensor => {
      const y = tf.conv2d(image as Tensor4D, filter as Tensor4D, 1, "same");
      return y.mul(integers(y.shape, 4)).sum();
    };
    const mixed = tf.grad((image: Tensor) =>
      tf
        .grad((filter: Tensor) => score(image, filter))(w)
        .mul(m)
        .sum(),
    )(x);
    expect(mixed.dataSync()).toEqual(
      tf
        .grad((image: Tensor) => score(image, m))(x)
        .dataSync(),
    );
    const other = tf.grad((filter: Tensor) =>
      tf
        .grad((image: Tensor) => score(image, filter))(x)
        .mul(x)
        .sum(),
    )(w);
    expect(other.dataSync()).toEqual(
      tf
        .grad((filter: Tensor) => score(x, filter))(w)
        .dataSync(),
    );
  });

  it("of matrix products, in every combination of transposes, exactly", () => {
    for (const [ta, tb] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const a = integers(ta ? [3, 2] : [2, 3], 1);
      const [b, m] = [integers(tb ? [4, 3] : [3, 4], 2), integers(tb ? [4, 3] : [3, 4], 3)];
      const score = (x: Tensor, y: Tensor): Tensor =>
        tf
          .matMul(x, y, ta, tb)
          .mul(integers([2, 4], 4))
          .sum();
      const mixed = tf.grad((x: Tensor) =>
        tf
          .grad((y: Tensor) => score(x, y))(b)
          .mul(m)
          .sum(),
      )(a);
      expect(mixed.dataSync()).toEqual(
        tf
          .grad((x: Tensor) => score(x, m))(a)
          .dataSync(),
      );
    }
  });
});

describe("memory", () => {
  it("is given back: third derivatives leave no tensor behind", () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const third = derivativesOf((x) => tf.softmax(x.tanh().exp().reshape([2, 2])).flatten())[3];
      third(tf.tensor1d([1, 2, 3, 4]));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
