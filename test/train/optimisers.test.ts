import { describe, expect, it } from "vitest";
import { normal, key } from "../../src/random/index.js";
import { adam, adamw } from "../../src/train/adam.js";
import { clipByGlobalNorm, globalNorm } from "../../src/train/clip.js";
import { ema, powerDecay } from "../../src/train/ema.js";
import { ranges, type Optimiser } from "../../src/train/optimiser.js";
import { sgd } from "../../src/train/sgd.js";

type Gradient = (p: Float32Array, step: number) => ArrayLike<number>;

function descend(
  optimiser: Optimiser,
  start: readonly number[],
  gradient: Gradient,
  numSteps: number,
): Float32Array {
  const params = Float32Array.from(start);
  const state = optimiser.init(params.length);
  for (let step = 0; step < numSteps; step++) {
    optimiser.update(params, Float32Array.from(gradient(params, step)), state, step);
  }
  expect(state.count).toBe(numSteps);
  return params;
}

/*
 * Reference: PyTorch 2.13 in float64, ten steps from (1, -2, 0.5):
 *   for k in range(10):
 *     p.grad = tensor([sin(k + 1 + 2 i) for i in range(3)]) * tensor([1, 10, 0.01]); optimiser.step()
 */
const waves: Gradient = (_, k) => [1, 10, 0.01].map((size, i) => size * Math.sin(k + 1 + 2 * i));
const GOLDEN: readonly [string, Optimiser, readonly number[]][] = [
  ["adam, l2 0.1", adam({ learningRate: 0.1, l2: 0.1 }), [0.5658390518, -1.802293685, -0.1948632496]],
  [
    "adam, betas 0.5 and 0.9, epsilon 1e-3",
    adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }),
    [0.7420270954, -1.84802232, 0.5833115174],
  ],
  [
    "adamw, decay 0.05",
    adamw({ learningRate: 0.1, weightDecay: 0.05 }),
    [0.5976676378, -1.7290347, 0.654159935],
  ],
  ["sgd", sgd({ learningRate: 0.1 }), [0.8588811629, -0.123856835, 0.4998496863]],
  [
    "sgd, momentum 0.9, l2 0.1",
    sgd({ learningRate: 0.1, momentum: 0.9, l2: 0.1 }),
    [-0.006126897882, 3.952266959, 0.3124883291],
  ],
  [
    "sgd, Nesterov 0.9",
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    [0.1885165509, 5.275841427, 0.5020591977],
  ],
];

describe("the rules agree with PyTorch's", () => {
  it.each(GOLDEN)("%s", (_, optimiser, expected) => {
    const params = descend(optimiser, [1, -2, 0.5], waves, 10);
    // Each of 10 steps rounds numbers below 10 to float32: 10 · 10 · 2^-24 = 6e-6.
    params.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(6e-6));
  });
});

describe("they find minima that are known", () => {
  it("gradient descent on a quadratic contracts by (1 - η λ) a step", () => {
    const curvature = [1, 4];
    const params = descend(sgd({ learningRate: 0.1 }), [1, -3], (p) => p.map((x, i) => curvature[i] * x), 20);
    expect(params[0]).toBeCloseTo(0.9 ** 20, 6);
    expect(params[1]).toBeCloseTo(-3 * 0.6 ** 20, 6);
  });

  it.each([
    ["adam", adam({ learningRate: 0.02 }), 6000],
    ["sgd with momentum", sgd({ learningRate: 3e-4, momentum: 0.95 }), 12_000],
  ] as const)("%s: Rosenbrock's valley, minimum at (1, 1)", (_, optimiser, numSteps) => {
    const gradient: Gradient = ([x, y]) => [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)];
    const [x, y] = descend(optimiser, [-1.2, 1], gradient, numSteps);
    expect(x).toBeCloseTo(1, 2);
    expect(y).toBeCloseTo(1, 2);
  });

  it("Adam's first step is the learning rate against each sign, whatever the scale", () => {
    const params = descend(adam({ learningRate: 0.1 }), [0, 0, 0], () => [1e-4, -5, 1e4], 1);
    [-0.1, 0.1, -0.1].forEach((move, i) => expect(params[i]).toBeCloseTo(move, 4));
  });

  it("logistic regression ends where its gradient vanishes, its only minimum", () => {
    const [n, dim] = [200, 3];
    const x = normal(key(1), n * dim);
    const noise = normal(key(2), n);
    const label = Float64Array.from(noise, (z, i) => (x[i * dim] - 2 * x[i * dim + 1] + z > 0 ? 1 : 0));
    const gradient = (w: ArrayLike<number>): number[] => {
      const sum = [0, 1, 2].map((j) => 0.01 * w[j]);
      for (let i = 0; i < n; i++) {
        const logit = [0, 1, 2].reduce((s, j) => s + w[j] * x[i * dim + j], 0);
        for (let j = 0; j < dim; j++)
          sum[j] += ((1 / (1 + Math.exp(-logit)) - label[i]) * x[i * dim + j]) / n;
      }
      return sum;
    };
    const params = descend(adam({ learningRate: 0.05 }), [0, 0, 0], gradient, 2000);
    // At the optimum the gradient vanishes; strong convexity 0.01 turns a gradient of 1e-5 into a distance of 1e-3 at most.
    for (const g of gradient(params)) expect(Math.abs(g)).toBeLessThan(1e-5);
  });
});

describe("groups of parameters", () => {
  it("scale the rate of their range, and freeze with 0", () => {
    const groups = [
      { start: 1, end: 2, scale: 0.5 },
      { start: 3, end: 4, scale: 0 },
    ];
    for (const optimiser of [sgd({ learningRate: 0.1, groups }), adam({ learningRate: 0.1, groups })]) {
      const moved = descend(optimiser, [0, 0, 0, 0, 0], () => [1, 1, 1, 1, 1], 1);
      [-0.1, -0.05, -0.1, 0, -0.1].forEach((move, i) => expect(moved[i]).toBeCloseTo(move, 6));
    }
  });

  it("cover the vector without gaps", () => {
    expect(ranges(3)).toEqual([{ start: 0, end: 3, scale: 1 }]);
    expect(ranges(3, [{ start: 0, end: 3, scale: 2 }])).toEqual([{ start: 0, end: 3, scale: 2 }]);
  });

  it("that overlap or leave the vector are refused", () => {
    const twice = { start: 0, end: 2, scale: 1 };
    expect(() => ranges(3, [twice, { start: 1, end: 3, scale: 1 }])).toThrow("groups[1].start");
    expect(() => ranges(1, [twice])).toThrow("groups[0].end");
    expect(() => ranges(3, [{ ...twice, scale: -1 }])).toThrow("groups[0].scale");
  });
});

describe("clipping", () => {
  it("shortens a long gradient to the norm, keeps its direction and returns the norm before", () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipByGlobalNorm(gradient, 1)).toBe(5);
    expect(globalNorm(gradient)).toBeCloseTo(1, 6);
    expect(gradient[1] / gradient[0]).toBeCloseTo(4 / 3, 6);
  });

  it("leaves a short gradient and one that is not finite alone", () => {
    const short = Float32Array.of(0.3, 0.4);
    expect(clipByGlobalNorm(short, 1)).toBeCloseTo(0.5, 6);
    expect([...short]).toEqual([...Float32Array.of(0.3, 0.4)]);
    expect(clipByGlobalNorm(Float32Array.of(1, Infinity), 1)).toBe(Infinity);
    expect(clipByGlobalNorm(Float32Array.of(1, NaN), 1)).toBeNaN();
  });

  it("does not overflow for entries near the largest float32", () => {
    expect(globalNorm(Float32Array.of(3e38, 0))).toBeCloseTo(3e38, -33);
  });
});

describe("averages", () => {
  it("are geometric: after k steps towards a constant c the rest is a^k of the start", () => {
    const rule = ema({ decay: 0.9 });
    const average = rule.init(Float32Array.of(0));
    for (let step = 0; step < 10; step++) rule.update(average, Float32Array.of(1), step);
    expect(average[0]).toBeCloseTo(1 - 0.9 ** 10, 6);
  });

  it("copy until they start, and only at multiples", () => {
    const rule = ema({ decay: 0.5, start: 10, every: 5 });
    const average = rule.init(Float32Array.of(0));
    const seen = Array.from({ length: 16 }, (_, step) => {
      rule.update(average, Float32Array.of(step), step);
      return average[0];
    });
    expect(seen).toEqual([0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 7.5, 7.5, 7.5, 7.5, 7.5, 11.25]);
  });

  it("with power decay forget the first parameters: a = 1 - k^-0.9 up to a limit", () => {
    const decay = powerDecay();
    expect([decay(0), decay(1)]).toEqual([0, 0]);
    expect(decay(100)).toBeCloseTo(1 - 100 ** -0.9, 15);
    expect(decay(1e9)).toBe(0.9999);
  });
});

describe("bad input is named", () => {
  it.each<[string, () => unknown, string]>([
    ["a beta of 1", () => adam({ learningRate: 1, beta2: 1 }), "beta2: expected a number below 1"],
    ["a negative decay", () => adamw({ learningRate: 1, weightDecay: -1 }), "weightDecay"],
    [
      "no learning rate",
      () => sgd({ learningRate: NaN }),
      "learningRate: expected a positive finite number, got NaN",
    ],
    ["a decay of 1", () => ema({ decay: 1 }), "decay: expected a number below 1"],
    ["a norm of 0", () => clipByGlobalNorm(Float32Array.of(1), 0), "maxNorm"],
    [
      "a gradient of another length",
      () => descend(adam({ learningRate: 1 }), [1, 2], () => [1], 1),
      "gradient: expected 2 numbers, one a parameter",
    ],
    [
      "a state of another length",
      () => {
        const rule = adam({ learningRate: 1 });
        rule.update(new Float32Array(2), new Float32Array(2), rule.init(3), 0);
      },
      "state.arrays.mean: expected 2 numbers",
    ],
    [
      "an average of another length",
      () => ema({ decay: 0 }).update(new Float32Array(1), new Float32Array(2), 0),
      "average",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
