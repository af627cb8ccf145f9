import { describe, expect, it } from "vitest";
import { foldIn, key, normal } from "../../../src/random/index.js";
import {
  dds,
  ddsEuler,
  dis,
  disX,
  pis,
  simulate,
  type Scheme,
  type ScoreControl,
} from "../../../src/samplers/path/index.js";
import type { Target } from "../../../src/targets/index.js";

/** The normalised N(m, s² I). */
function gaussian(dim: number, m: number, s2: number): Target {
  return {
    dim,
    logDensity: (x) =>
      Float64Array.from({ length: x.length / dim }, (_, p) => {
        const part = x.subarray(p * dim, (p + 1) * dim);
        const square = part.reduce((sum, value) => sum + (value - m) ** 2, 0);
        return -square / (2 * s2) - (dim / 2) * Math.log(2 * Math.PI * s2);
      }),
    score: (x) => x.map((value) => (m - value) / s2),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: Float64Array): number {
  const m = mean(values);
  return values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1);
}

/** log mean exp(-rnd). */
function reweighted(rnd: Float64Array): number {
  const most = rnd.reduce((m, r) => Math.max(m, -r), -Infinity);
  return most + Math.log(mean(rnd.map((r) => Math.exp(-r - most))));
}

/** The optimal control of PIS for N(m, s²) in score units. */
function pisOptimum({ times }: Scheme, m: number, s2: number): ScoreControl {
  const [a, b] = [1 / s2 - 1, m / s2];
  return (k, x) => x.map((value) => (b - a * value) / (1 + a * (5 - times.time[k]) * 0.2));
}

const paths = (numPaths: number, seed: number) => ({ numPaths, key: key(seed) }); // prettier-ignore

describe("path measures with a known optimum", () => {
  it("1: PIS with a shifted reference law has the same RND on every path", () => {
    for (const numSteps of [7, 50]) {
      const scheme = pis({ dim: 2, numSteps });
      const { rnd } = simulate(scheme, gaussian(2, 1.5, 1), (_, x) => x.map(() => 1.5), paths(100, 1));
      expect(Math.max(...rnd.map(Math.abs))).toBeLessThan(5e-14 * 20);
    }
  });

  it("2: PIS at the optimum for N(2, 1/4): the variance of RND halves with the step", () => {
    const target = gaussian(1, 2, 0.25);
    const expected = [0.0479, 0.0233, 0.0115, 0.0057, 0.0029];
    [25, 50, 100, 200, 400].forEach((numSteps, i) => {
      const scheme = pis({ dim: 1, numSteps });
      const { rnd } = simulate(scheme, target, pisOptimum(scheme, 2, 0.25), paths(20_000, 2 + i));
      // The sample variance of near-normal RND has standard error sqrt(2/n) = 1 % here; 5 of them, and the digits of the list.
      expect(Math.abs(variance(rnd) / expected[i] - 1)).toBeLessThan(0.06);
      expect(Math.abs(reweighted(rnd))).toBeLessThan(5 * Math.sqrt(expected[i] / 20_000));
      // E[RND] = var/2 for a normal RND of mean weight 1; its standard error is sqrt(var/n), 5 of them and the list's digits.
      expect(Math.abs(mean(rnd) - expected[i] / 2)).toBeLessThan(5 * Math.sqrt(expected[i] / 20_000) + 5e-4);
    });
  });

  it("3: DIS pays for every Gaussian dimension, N var(RND)/d near 16.83, N gap/d near 6.9", () => {
    const dim = 4;
    for (const [numSteps, expected] of [
      [100, 18.1],
      [400, 17.06],
    ] as const) {
      // prettier-ignore
      const scheme = dis({ dim, numSteps, start: "normal" });
      const { rnd } = simulate(scheme, gaussian(dim, 0, 1), (_, x) => x.map((v) => -v), paths(8000, 7));
      // Standard error of a variance of RND: its excess kurtosis is below 3 here, so sqrt(5/n) = 2.5 %; four of them.
      expect(Math.abs((numSteps * variance(rnd)) / dim / expected - 1)).toBeLessThan(0.1);
      // The list says about 6.9; the standard error of N mean(RND)/d is sqrt(N expected / (d n)) = 0.24 and 0.46.
      expect(Math.abs((numSteps * mean(rnd)) / dim - 6.9)).toBeLessThan(
        4 * Math.sqrt((numSteps * expected) / dim / 8000),
      );
    }
  });

  it.each([
    [100, 24.3],
    [200, 23.3],
    [400, 22.9],
  ])("4: DIS for N(2, 1/4) from the noised law: N var(RND) at N = %i", (numSteps, expected) => {
    const scheme = dis({ dim: 1, numSteps, start: "normal" });
    const [m, s2] = [2, 0.25];
    const signal = (k: number): number =>
      Math.exp(-(0.1 * (1 - k / numSteps) + 4.95 * (1 - k / numSteps) ** 2));
    const law = (k: number): { mean: number; v: number } => {
      const a2 = signal(k);
      return { mean: Math.sqrt(a2) * m, v: a2 * s2 + 1 - a2 };
    };
    const control: ScoreControl = (k, x) => x.map((value) => -(value - law(k).mean) / law(k).v);
    const n = 20_000;
    const first = law(0);
    const start = normal(key(99), n).map((z) => first.mean + Math.sqrt(first.v) * z);
    const { x, rnd } = simulate(scheme, gaussian(1, m, s2), control, { ...paths(n, 11), start });
    // The prior in RND is N(0, 1): put the exact first law in its place.
    const exact = rnd.map((r, p) => {
      const x0 = start[p];
      return r - (x0 - first.mean) ** 2 / (2 * first.v) - 0.5 * Math.log(first.v) + x0 ** 2 / 2;
    });
    // The standard error of a variance is sqrt(2/n) to sqrt(4/n), 1 to 1.4 %, the list's own as large: four of both.
    expect(Math.abs((numSteps * variance(exact)) / expected - 1)).toBeLessThan(0.08);
    // Four standard errors are 0.014 and 0.01; the steps widen the law by less than 1/N.
    expect(Math.abs(mean(x) - 2)).toBeLessThan(0.02);
    expect(Math.abs(variance(x) - 0.25)).toBeLessThan(0.01 + 1 / numSteps);
  });

  it("5: DIS-X costs nothing for N(0, I) in 50 dimensions", () => {
    const scheme = disX({ dim: 50, numSteps: 40, start: "normal" });
    const { rnd } = simulate(scheme, gaussian(50, 0, 1), (_, x) => x.map((v) => -v), paths(200, 3));
    expect(variance(rnd)).toBeLessThan(1e-20);
    expect(Math.abs(mean(rnd))).toBeLessThan(1e-10);
  });

  it("7: at the optimum the log-variance loss has a gradient without noise, up to the steps; KL has not", () => {
    const target = gaussian(1, 2, 0.25);
    const delta = 1e-3;
    const [repetitions, batch] = [40, 256];
    const noiseOf = (numSteps: number): { lv: number; kl: number; ito: number } => {
      const scheme = pis({ dim: 1, numSteps });
      const optimum = pisOptimum(scheme, 2, 0.25);
      const shifted =
        (shift: number): ScoreControl =>
        (k, x) =>
          optimum(k, x).map((s) => s + shift / Math.sqrt(0.2));
      const none = (): Float64Array => new Float64Array(repetitions);
      const slopes = { lv: none(), kl: none(), ito: none() };
      for (let r = 0; r < repetitions; r++) {
        const options = { numPaths: batch, key: foldIn(key(70), r) };
        const held = [delta, -delta].map((shift) => {
          const drift: ScoreControl = (_, x) => x.map(() => -shift);
          return variance(simulate(scheme, target, shifted(shift), { ...options, drift }).rnd);
        });
        const free = [delta, -delta].map((shift) => {
          const { rnd, ito } = simulate(scheme, target, shifted(shift), options);
          return { ito: mean(rnd), kl: mean(rnd.map((value, i) => value - ito[i])) };
        });
        slopes.lv[r] = (held[0] - held[1]) / (2 * delta);
        slopes.kl[r] = (free[0].kl - free[1].kl) / (2 * delta);
        slopes.ito[r] = (free[0].ito - free[1].ito) / (2 * delta);
      }
      const sd = (values: Float64Array): number => Math.sqrt(variance(values));
      return { lv: sd(slopes.lv), kl: sd(slopes.kl), ito: sd(slopes.ito) };
    };
    const [coarse, fine] = [noiseOf(25), noiseOf(100)];
    // The list has 0.047 at N = 50, proportional to sqrt(h). KL in continuous time: with Y = dX/d shift, u' = -σ a/s, s = 1 + a σ² (T - t),
    // the slope of a path is -∫ Y u' dW, and Y u' = -log(4/s) for a = 3, of variance ∫ log²(4/s) dt = 2.176; with the stochastic integral it
    // is W_T, of variance 5. A deviation from 40 batches has a standard error of 11 %; four.
    const near = (value: number, expected: number): void =>
      expect(Math.abs(value / expected - 1)).toBeLessThan(0.45);
    near(coarse.lv, 0.047 * Math.SQRT2);
    near(fine.lv, 0.047 / Math.SQRT2);
    for (const { kl, ito } of [coarse, fine]) {
      near(kl, Math.sqrt(2.176 / batch));
      near(ito, Math.sqrt(5 / batch));
    }
  });

  it("7: where RND is constant path by path, so are both losses: their gradients are zero without any noise", () => {
    const [scheme, target, delta] = [pis({ dim: 2, numSteps: 20 }), gaussian(2, 1.5, 1), 1e-3];
    const slopes = [delta, -delta].map((shift) => {
      const control: ScoreControl = (_, x) => x.map(() => 1.5 + shift);
      const drift: ScoreControl = (_, x) => x.map(() => -shift * Math.sqrt(0.2));
      const held = simulate(scheme, target, control, { ...paths(64, 12), drift });
      const free = simulate(scheme, target, control, paths(64, 12));
      return { lv: variance(held.rnd), kl: free.rnd.map((value, i) => value - free.ito[i]) };
    });
    expect(Math.abs(slopes[0].lv - slopes[1].lv) / (2 * delta)).toBeLessThan(1e-10);
    slopes[0].kl.forEach((value, i) => {
      expect(Math.abs(value - slopes[1].kl[i]) / (2 * delta)).toBeLessThan(1e-10);
    });
  });

  it("9: DDS without a control keeps N(0, σ²) exactly and weighs by the densities alone", () => {
    const target = gaussian(1, 0.5, 2);
    for (const numSteps of [16, 64]) {
      const scheme = dds({ dim: 1, numSteps, sigma: 1.3 });
      const n = 50_000;
      const { x, rnd } = simulate(scheme, target, (_, points) => points.map(() => 0), paths(n, 5));
      const density = target.logDensity(x);
      const reference = gaussian(1, 0, 1.69).logDensity(x);
      expect(Math.max(...rnd.map((r, p) => Math.abs(r - reference[p] + density[p])))).toBeLessThan(1e-12);
      expect(Math.abs(variance(x) / 1.69 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    }
  });

  it("off policy, RND still has no noise at the optimum: additive drifts move the noise alone", () => {
    const scheme = pis({ dim: 2, numSteps: 20 });
    const drift: ScoreControl = (_, x) => x.map(Math.sin);
    const options = { ...paths(50, 4), drift };
    const { rnd } = simulate(scheme, gaussian(2, 1.5, 1), (_, x) => x.map(() => 1.5), options);
    expect(Math.max(...rnd.map(Math.abs))).toBeLessThan(1e-12);
  });

  it("both forms of DDS and both of DIS agree on Z of a Gaussian", () => {
    const [m, s2, n] = [0.7, 0.5, 20_000];
    const forms = [
      [dds({ dim: 1, numSteps: 256 }), 1],
      [ddsEuler({ dim: 1, numSteps: 400, start: "normal" }), 1],
      [dis({ dim: 1, numSteps: 400, start: "normal" }), 0],
      [disX({ dim: 1, numSteps: 200, start: "normal" }), 0],
    ] as const;
    forms.forEach(([scheme, excess], i) => {
      const a2 = scheme.times.logVariance.map((lv) => 1 / (1 + Math.exp(lv) - 1e-4));
      const control: ScoreControl = (k, x) => {
        const v = a2[k] * s2 + 1 - a2[k];
        return x.map((value) => -(value - Math.sqrt(a2[k]) * m) / v + excess * value);
      };
      const { rnd } = simulate(scheme, gaussian(1, m, s2), control, { numPaths: n, key: foldIn(key(8), i) });
      const bias = scheme.exact ? 0 : 0.03;
      expect(Math.abs(reweighted(rnd))).toBeLessThan(bias + 5 * Math.sqrt(variance(rnd) / n));
      expect(variance(rnd)).toBeLessThan(0.2);
    });
  });
});
