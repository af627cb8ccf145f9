import type { Tensor } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { tf } from "../../../src/engine/index.js";
import { constant, parametrised, unflatten } from "../../../src/nets/index.js";
import { key } from "../../../src/random/index.js";
import {
  bridge,
  controlled,
  dis,
  kullbackLeiblerStep,
  logVarianceStep,
  simulatePaths,
  type Control,
  type PathModel,
} from "../../../src/samplers/path/index.js";
import { bridgeScheme } from "../../../src/samplers/path/bridge.js";
import { gaussianMixture } from "../../../src/targets/index.js";
import { pathNoise } from "./reference.js";

const M = 1.5;
const target = gaussianMixture({ means: [[M, M]], variances: 2 });

/** A control of two numbers a and b: what `of` makes of them. */
function twoNumbers(
  a: number,
  b: number,
  of: (a: Tensor, b: Tensor, x: Tensor, t: Tensor) => Tensor,
): Control {
  const { spec, count, init } = parametrised([
    { name: "a", shape: [1], init: constant(a) },
    { name: "b", shape: [1], init: constant(b) },
  ]);
  return {
    ...{ spec, count, init },
    encode: (_, { time }) => time.mul(0),
    guide: (score) => score.mul(0),
    apply(params, { x, at }) {
      const named = unflatten(spec, params);
      return of(named.a, named.b, x, at.time);
    },
  };
}

/** u* = m and v* = -(x - t m)/(1 + t) - m, which lead from N(0, I) to N(m, 2I). */
function optimum(numSteps: number, divergence: "exact" | "hutchinson" = "exact"): PathModel {
  const forward = twoNumbers(M, 0, (a, _, x) => x.mul(0).add(a));
  const backward = twoNumbers(M, 0, (a, _, x, t) => x.sub(t.mul(a)).div(t.add(1)).add(a).neg());
  return bridge(target, { numSteps, forward, backward, divergence });
}

function variance(values: ArrayLike<number>): number {
  const all = Array.from(values);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  return all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (all.length - 1);
}

describe("a bridge", () => {
  it("6: at the optimal pair RND varies by its steps alone, and halves with them", async () => {
    const n = 8192;
    for (const [numSteps, expected] of [
      [50, 0.0101],
      [100, 0.005],
      [200, 0.0025],
      [400, 0.0013],
    ] as const) {
      const model = optimum(numSteps);
      const { rnd } = await simulatePaths(model, model.init(key(1)), { numPaths: n, key: key(2) });
      // 5 standard errors of a variance, kurtosis up to 6, and half a unit of the list's last digit; float32 adds 1e-5.
      expect(Math.abs(variance(rnd) - expected)).toBeLessThan(5 * expected * Math.sqrt(5 / n) + 5e-5);
      expect(Math.abs(rnd.reduce((sum, r) => sum + r, 0) / n)).toBeLessThan(0.01);
    }
  });

  it("6: off policy it varies as little: paths with a random drift each", async () => {
    const [numSteps, n] = [50, 8192];
    const model = optimum(numSteps);
    const step = logVarianceStep(model, { numPaths: n, drift: () => 0.7 });
    const { loss } = await step.run(model.init(key(1)), { step: 0, key: key(2) });
    await step.close?.();
    // The drift moves the points, and with them the error of the steps, a little.
    expect(Math.abs((2 * loss) / 0.0101 - 1)).toBeLessThan(5 * Math.sqrt(5 / n) + 0.05);
  });

  it("needs the divergence, whose estimate is exact for a multiple of the identity", async () => {
    const [exact, estimate] = [optimum(20), optimum(20, "hutchinson")];
    const options = { numPaths: 64, key: key(3) };
    const a = await simulatePaths(exact, exact.init(key(1)), options);
    const b = await simulatePaths(estimate, estimate.init(key(1)), options);
    a.rnd.forEach((value, i) => expect(Math.abs(value - b.rnd[i])).toBeLessThan(1e-4));
  });

  it("estimates it without bias, and with the variance of what is beside the diagonal", async () => {
    const [numSteps, n] = [20, 8192];
    const slope = [0.4, -0.9, 1.3, 0.7]; // v_j = Σ_i x_i slope[2 i + j]
    const backward = twoNumbers(0, 0, (_a, _b, x) => x.matMul(tf().tensor2d(slope, [2, 2])));
    const forward = twoNumbers(0, 0, (_a, _b, x) => x.mul(0));
    const rnds: Float64Array[] = [];
    for (const divergence of ["exact", "hutchinson"] as const) {
      const model = bridge(target, { numSteps, forward, backward, divergence });
      rnds.push((await simulatePaths(model, model.init(key(1)), { numPaths: n, key: key(6) })).rnd);
    }
    const error = rnds[1].map((value, i) => value - rnds[0][i]);
    const mean = error.reduce((sum, value) => sum + value, 0) / n;
    // ε·Jε - tr J = (J_12 + J_21) ε_1 ε_2 of variance (J_12 + J_21)², N independent ones of weight 1/N
    const expected = (slope[1] + slope[2]) ** 2 / numSteps;
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / n));
    expect(Math.abs(variance(error) / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it("is DIS on the variance-preserving schedule, as long as the backward control is zero", async () => {
    const forward = twoNumbers(0.4, -0.7, (a, b, x) => x.mul(b).add(a));
    const backward = twoNumbers(0, 0, (_a, _b, x) => x.mul(0));
    const model = bridge(target, { numSteps: 20, forward, backward, schedule: "vp" });
    const reversed = controlled(dis({ dim: 2, numSteps: 20 }), forward, target);
    const options = { numPaths: 64, key: key(4) };
    const a = await simulatePaths(model, model.init(key(1)), options);
    const b = await simulatePaths(reversed, reversed.init(key(1)), options);
    a.x.forEach((value, i) => expect(Math.abs(value - b.x[i])).toBeLessThan(1e-4));
    a.rnd.forEach((value, i) => expect(Math.abs(value - b.rnd[i])).toBeLessThan(1e-3));
  });

  it("refuses a σ for the schedule that has its own", () => {
    expect(() => bridgeScheme(2, { numSteps: 5, schedule: "vp", sigma: 2 })).toThrow(/sigma/);
  });

  it("learns both controls by the gradient of Var(RND) with the paths held", async () => {
    const [numSteps, n, stepKey] = [5, 4, key(5)];
    const forward = twoNumbers(0.7, -0.3, (a, b, x) => x.mul(b).add(a));
    const backward = twoNumbers(0.4, -0.6, (a, b, x) => x.sin().mul(b).add(a));
    const model = bridge(target, { numSteps, forward, backward });
    const params = model.init(key(1));
    const step = logVarianceStep(model, { numPaths: n, shards: 2 });
    const { loss, gradient } = await step.run(params, { step: 0, key: stepKey });
    await step.close?.();

    const scheme = { dim: 2, numSteps, start: "truncated" } as never;
    const noises = Array.from({ length: n }, (_, p) => pathNoise(stepKey, scheme, p, n));
    const h = 1 / numSteps;
    const rnd = (p: readonly number[], { first, steps }: (typeof noises)[number]): number => {
      let x = [...first];
      let sum = x.reduce((total, z) => total - (z * z) / 2 - Math.log(2 * Math.PI) / 2, 0);
      for (const xi of steps) {
        x = x.map((z, j) => {
          const [w, u, v] = [0.7 - 0.3 * z, p[0] + p[1] * z, p[2] + p[3] * Math.sin(z)];
          const dw = Math.sqrt(h) * xi[j];
          sum += (u + v) * (w + (v - u) / 2) * h + p[3] * Math.cos(z) * h + (u + v) * dw;
          return z + w * h + dw;
        });
      }
      return sum - target.logDensity(Float64Array.from(x))[0];
    };
    const objective = (p: readonly number[]): number => variance(noises.map((noise) => rnd(p, noise))) / 2;
    const start = [0.7, -0.3, 0.4, -0.6];
    expect(loss).toBeCloseTo(objective(start), 4);
    start.forEach((_, i) => {
      const at = (shift: number): number => objective(start.map((value, j) => value + (i === j ? shift : 0)));
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(gradient[i] - slope)).toBeLessThan(2e-4 * Math.max(1, Math.abs(slope)));
    });
  });

  it("learns both controls by the gradient of E[RND] through the simulation", async () => {
    const [numSteps, n, stepKey] = [5, 4, key(5)];
    const forward = twoNumbers(0.7, -0.3, (a, b, x) => x.mul(b).add(a));
    const backward = twoNumbers(0.4, -0.6, (a, b, x) => x.sin().mul(b).add(a));
    const model = bridge(target, { numSteps, forward, backward });
    const scheme = { dim: 2, numSteps, start: "truncated" } as never;
    const noises = Array.from({ length: n }, (_, p) => pathNoise(stepKey, scheme, p, n));
    const h = 1 / numSteps;
    const rnd = (p: readonly number[], { first, steps }: (typeof noises)[number], ito: number): number => {
      let x = [...first];
      let sum = x.reduce((total, z) => total - (z * z) / 2 - Math.log(2 * Math.PI) / 2, 0);
      for (const xi of steps) {
        x = x.map((z, j) => {
          const [u, v] = [p[0] + p[1] * z, p[2] + p[3] * Math.sin(z)];
          const dw = Math.sqrt(h) * xi[j];
          sum += ((u + v) ** 2 / 2) * h + p[3] * Math.cos(z) * h + ito * (u + v) * dw;
          return z + u * h + dw;
        });
      }
      return sum - target.logDensity(Float64Array.from(x))[0];
    };
    const start = [0.7, -0.3, 0.4, -0.6];
    for (const ito of [false, true]) {
      const step = kullbackLeiblerStep(model, { numPaths: n, shards: 2, ito });
      const { loss, gradient } = await step.run(model.init(key(1)), { step: 0, key: stepKey });
      await step.close?.();
      const objective = (p: readonly number[]): number =>
        noises.reduce((sum, noise) => sum + rnd(p, noise, ito ? 1 : 0), 0) / n / 2;
      expect(loss).toBeCloseTo(objective(start), 4);
      start.forEach((_, i) => {
        const at = (shift: number): number =>
          objective(start.map((value, j) => value + (i === j ? shift : 0)));
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(gradient[i] - slope)).toBeLessThan(2e-4 * Math.max(1, Math.abs(slope)));
      });
    }
  });
});
