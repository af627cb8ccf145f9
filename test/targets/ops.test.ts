import type { Tensor } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/index.js";
import { key, normal } from "../../src/random/index.js";
import {
  doubleWell,
  funnel,
  gaussianMixture,
  gibbs,
  ginzburgLandau,
  manyWell,
  nineModes,
  parsePotential,
  polynomial,
  quadratic,
  quartic,
  type TensorTarget,
} from "../../src/targets/index.js";

const ROWS = 256;

const TARGETS: readonly (readonly [string, TensorTarget, scale: number])[] = [
  ["nine modes", nineModes(), 4],
  [
    "mixture",
    gaussianMixture({
      means: [
        [0, 1, 2],
        [-1, 0, 1],
      ],
      variances: [[0.5, 1, 2], 0.7],
      weights: [1, 2],
    }),
    2,
  ],
  ["funnel", funnel(), 1.5],
  ["many-well (5, 5, 4)", manyWell({ dim: 5 }), 2],
  [
    "shared potential",
    gibbs({ potentials: doubleWell({ barrier: 2 }), dim: 3, beta: 1.5 }) as TensorTarget,
    1.2,
  ],
  [
    "product",
    gibbs({
      potentials: [
        quadratic({ mean: 1 }),
        quartic(),
        doubleWell(),
        quartic(),
        polynomial([1, 0, -2, 0.5, 1]),
      ],
    }) as TensorTarget,
    1.2,
  ],
  ...(["left", "free", "both", "periodic"] as const).flatMap((boundary) =>
    [1, 4].map(
      (dim) =>
        [
          `chain, ${boundary}, dim ${dim}`,
          ginzburgLandau({ dim, lambda: 0.5, h: 0.7, boundary }),
          1.2,
        ] as const,
    ),
  ),
  ["many-well (50, 5, 2)", manyWell({ dim: 50, wells: 5, delta: 2 }), 1.5],
];

describe.each(TARGETS)("tensor form of %s", (_, target, scale) => {
  const { dim, ops } = target;
  const inputs = Float32Array.from(normal(key(4), ROWS * dim), (z) => scale * z);
  const x = Float64Array.from(inputs);

  it("agrees with the float64 form to 1e-5 of the greatest value of its row, compiled", async () => {
    const both = compile(({ x }: { x: Tensor }) => ({ value: ops.logDensity(x), slope: ops.score(x) }), {
      x: { shape: [ROWS, dim] },
    });
    const { value, slope } = await both({ x: inputs });
    const [exact, exactSlope] = [target.logDensity(x), target.score(x)];
    for (let s = 0; s < ROWS; s++) {
      expect(Math.abs(value[s] - exact[s])).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact[s])));
      const row = exactSlope.subarray(s * dim, (s + 1) * dim);
      const size = Math.max(1, ...row.map(Math.abs));
      row.forEach((g, i) => expect(Math.abs(slope[s * dim + i] - g)).toBeLessThan(1e-5 * size));
    }
  });
});

it("a product with a formula has no tensor form", () => {
  expect(gibbs({ potentials: [quadratic(), parsePotential("x^4 - x")] }).ops).toBeUndefined();
});
