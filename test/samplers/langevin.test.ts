import { describe, expect, it } from "vitest";
import { key, normal, uniform } from "../../src/random/index.js";
import {
  annealedLangevin,
  diagonalPreconditioner,
  DivergenceError,
  mala,
  matrixPreconditioner,
  runChains,
  ula,
  type ChainKernel,
  type ChainState,
  type Preconditioner,
} from "../../src/samplers/index.js";
import { backwards, logUniformGrid, varianceExploding } from "../../src/sde/index.js";

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
const gaussian = (lambda: number) => ({
  dim: 1,
  logDensity: (x: Float64Array) => x.map((v) => (-lambda * v * v) / 2),
  score: (x: Float64Array) => x.map((v) => -lambda * v),
});
const n = 20_000;

describe("the unadjusted Langevin algorithm", () => {
  it.each([
    [3, 0.2],
    [3, 0.05],
    [0.7, 0.9],
  ])("has the stationary variance 1/(λ(1 - hλ/2)) for λ = %f, h = %f", async (lambda, stepSize) => {
    const numSteps = Math.ceil(12 / (stepSize * lambda)); // forgets the start to exp(-24)
    const { state } = await runChains(ula(gaussian(lambda), { stepSize }), key(1), normal(key(2), n), {
      numSteps,
    });
    const variance = mean(state.x.map((v) => v * v));
    const exact = 1 / (lambda * (1 - (stepSize * lambda) / 2));
    expect(Math.abs(variance / exact - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it("with a preconditioner moves as without one in the operator's own coordinates", async () => {
    // x = B u with B Bᵀ = C turns the chain of u into the preconditioned one of x
    const c = Float64Array.of(2, 0.6, 0.6, 0.5);
    const preconditioner = matrixPreconditioner(c, 2);
    const start = normal(key(3), 20);
    const target = { dim: 2, score: (x: Float64Array) => x.map((v) => -(v ** 3)) };
    const pulled = {
      dim: 2,
      score: (u: Float64Array) => {
        const s = target.score(preconditioner.noise(u));
        const [l11, l21, l22] = [Math.SQRT2, 0.6 / Math.SQRT2, Math.sqrt(0.5 - 0.18)];
        return s.map((v, k) => (k % 2 === 0 ? l11 * v + l21 * s[k + 1] : l22 * v));
      },
    };
    const options = { numSteps: 5 };
    const a = await runChains(ula(pulled, { stepSize: 0.02 }), key(4), start, options);
    const b = await runChains(
      ula(target, { stepSize: 0.02, preconditioner }),
      key(4),
      preconditioner.noise(start),
      options,
    );
    preconditioner.noise(a.state.x).forEach((v, k) => expect(Math.abs(v - b.state.x[k])).toBeLessThan(1e-12));
  });
});

/** A law with curvature, skewness and correlation whose draws are exact: y ~ N(0, 1), x = y²/2 + 0.6 ξ. */
const banana = {
  dim: 2,
  logDensity: (x: Float64Array) =>
    Float64Array.from({ length: x.length / 2 }, (_, i) => {
      const [u, v] = [x[2 * i], x[2 * i + 1]];
      return -(v * v) / 2 - (u - (v * v) / 2) ** 2 / 0.72;
    }),
  score: (x: Float64Array) => {
    const out = new Float64Array(x.length);
    for (let i = 0; i < x.length; i += 2) {
      const miss = (x[i] - x[i + 1] ** 2 / 2) / 0.36;
      out[i] = -miss;
      out[i + 1] = -x[i + 1] + miss * x[i + 1];
    }
    return out;
  },
};
const exactBanana = normal(key(5), 2 * n).map((z, k, all) =>
  k % 2 === 0 ? all[k + 1] ** 2 / 2 + 0.6 * z : z,
);

/** Largest deviation of moments from their exact values, in standard errors. */
function worst(x: Float64Array): number {
  const moments: [(u: number, v: number) => number, number][] = [
    [(u) => u, 0.5],
    [(u) => u * u, 0.75 + 0.36],
    [(_, v) => v * v, 1],
    [(u, v) => u * v * v, 1.5],
    [(_, v) => v, 0],
  ];
  return Math.max(
    ...moments.map(([f, exact]) => {
      const terms = Float64Array.from({ length: x.length / 2 }, (_, i) => f(x[2 * i], x[2 * i + 1]) - exact);
      return Math.abs(mean(terms)) / Math.sqrt(mean(terms.map((v) => v * v)) / terms.length);
    }),
  );
}

describe("the Metropolis-adjusted Langevin algorithm", () => {
  const metric = matrixPreconditioner(Float64Array.of(0.5, 0.1, 0.1, 1), 2);
  it.each([
    ["plain", 0.15, undefined],
    ["preconditioned", 0.3, metric],
    ["with variances", 0.3, diagonalPreconditioner(Float64Array.of(0.3, 1))],
  ])("leaves a curved law as it is: %s", async (_, stepSize, preconditioner) => {
    const kernel = mala(banana, { stepSize, ...(preconditioner && { preconditioner }) });
    const rates: number[] = [];
    const { state } = await runChains(kernel, key(6), exactBanana, {
      numSteps: 25,
      onStep: (_step, info) => rates.push(info.acceptanceRate),
    });
    expect(mean(rates)).toBeGreaterThan(0.3);
    expect(mean(rates)).toBeLessThan(0.97);
    expect(worst(exactBanana)).toBeLessThan(5);
    expect(worst(state.x)).toBeLessThan(5); // five moments: probability 3e-6 under the law
  });

  it("is needed: without its acceptance the same test fails", async () => {
    const { state } = await runChains(ula(banana, { stepSize: 0.04 }), key(6), exactBanana, { numSteps: 60 });
    expect(worst(state.x)).toBeGreaterThan(5);
  });

  it("accepts nearly always as the step vanishes: rejections fall like h^(3/2)", async () => {
    const rejections: number[] = [];
    for (const stepSize of [0.04, 0.01, 0.0025]) {
      const rates: number[] = [];
      await runChains(mala(banana, { stepSize }), key(7), exactBanana, {
        numSteps: 3,
        onStep: (_, info) => rates.push(1 - info.acceptanceRate),
      });
      rejections.push(mean(rates));
    }
    expect(rejections[2]).toBeLessThan(0.005);
    // an eighth for a quarter of the step; draws of 20,000 chains leave a few per cent
    expect(rejections[0] / rejections[1]).toBeGreaterThan(5);
    expect(rejections[1] / rejections[2]).toBeGreaterThan(5);
  });

  it("brings chains from far away to the second moments", async () => {
    const start = normal(key(8), 4000).map((z) => 4 + z);
    const { state } = await runChains(mala(gaussian(2), { stepSize: 0.3 }), key(9), start, { numSteps: 60 });
    expect(Math.abs(mean(state.x.map((v) => v * v)) / 0.5 - 1)).toBeLessThan(5 * Math.sqrt(2 / 4000));
  });

  it("rejects moves to where the density is not a number", async () => {
    const half = {
      dim: 1,
      logDensity: (x: Float64Array) => x.map((v) => (v > 0 ? -v : NaN)),
      score: (x: Float64Array) => x.map(() => -1),
    };
    const { state } = await runChains(mala(half, { stepSize: 0.5 }), key(10), new Float64Array(500).fill(1), {
      numSteps: 30,
    });
    expect(state.x.every((v) => v > 0)).toBe(true);
  });

  it("refuses a target without log density and a preconditioner without inverse", () => {
    const { score } = banana;
    expect(() => mala({ dim: 2, score }, { stepSize: 1 })).toThrow(/target\.logDensity/);
    const partial = { ...metric, solve: undefined } as unknown as Preconditioner;
    expect(() => mala(banana, { stepSize: 1, preconditioner: partial })).toThrow(/preconditioner\.solve/);
    expect(() => ula(banana, { stepSize: 0 })).toThrow(/stepSize/);
  });
});

describe("runs of chains", () => {
  const kernel: ChainKernel<ChainState, { scoreNorm: number }> = ula(gaussian(1), { stepSize: 0.1 });

  it("keep every thin-th state after the burn-in and are functions of their key", async () => {
    const start = Float64Array.of(1, 2, 3);
    const run = await runChains(kernel, key(1), start, { numSteps: 6, burnIn: 2, thin: 3 });
    expect(run.kept).toBe(2);
    expect(run.samples.subarray(3)).toEqual(run.state.x);
    const short = await runChains(kernel, key(1), start, { numSteps: 5 });
    expect(run.samples.slice(0, 3)).toEqual(short.state.x);
    expect((await runChains(kernel, key(2), start, { numSteps: 5 })).state.x).not.toEqual(short.state.x);
    expect([...start]).toEqual([1, 2, 3]);
  });

  it("report and can be stopped", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const run = runChains(kernel, key(1), new Float64Array(1), {
      numSteps: 100,
      signal: stop.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (done === 7) stop.abort(new Error("enough"));
      },
    });
    await expect(run).rejects.toThrow("enough");
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await expect(runChains(kernel, key(1), new Float64Array(0), { numSteps: 1 })).rejects.toThrow(
      /x: expected/,
    );
    const bad = ula({ dim: 1, score: () => new Float64Array(5) }, { stepSize: 1 });
    await expect(runChains(bad, key(1), new Float64Array(2), { numSteps: 1 })).rejects.toThrow(
      /target\.score\(x\)/,
    );
  });
});

describe("a step size beyond stability", () => {
  const bowl = { dim: 1, score: (x: Float64Array) => x.map((v) => -v) };

  it("stops the chains with the step, their size and the state before", async () => {
    const run = runChains(ula(bowl, { stepSize: 4 }), key(1), Float64Array.of(1, -2), { numSteps: 1000 });
    const error = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DivergenceError);
    const { step, norm, state, message } = error as DivergenceError;
    // |x| grows by the factor |1 - 4| = 3 a step, from about 1 to 1e50: 50 log 10 / log 3 = 105 steps
    expect(Math.abs(step - 105)).toBeLessThan(4);
    expect(norm).toBeLessThanOrEqual(1e50);
    expect(norm).toBe(Math.max(...state.x.map(Math.abs)));
    expect(message).toMatch(`chains diverged at step ${step}`);
  });

  it("stops where the score is not a number", async () => {
    const broken = { dim: 1, score: (x: Float64Array) => x.map((v) => (v > 0 ? NaN : -v)) };
    const run = runChains(ula(broken, { stepSize: 0.1 }), key(2), Float64Array.of(-1, 1), { numSteps: 5 });
    await expect(run).rejects.toMatchObject({ name: "DivergenceError", step: 0, norm: 1 });
  });

  it("leaves a stable one alone", async () => {
    const { state } = await runChains(ula(bowl, { stepSize: 1.9 }), key(3), Float64Array.of(1), {
      numSteps: 300,
    });
    expect(Math.abs(state.x[0])).toBeLessThan(40); // 9 standard deviations of variance 1/(1 - 0.95) = 20
  });
});

describe("annealing between separated modes", () => {
  // 0.8 N(-5, 0.1²) + 0.2 N(5, 0.1²), noised
  const process = varianceExploding({ horizon: 100 });
  const score = (t: number, x: Float64Array) => {
    const v = 0.01 + t;
    return Promise.resolve(
      x.map((value) => {
        const right = 1 / (1 + 4 * Math.exp((-10 * value) / v));
        return (10 * right - 5 - value) / v;
      }),
    );
  };
  const count = 4000;

  it("finds the modes' weights where one small noise level keeps the start's", async () => {
    const start = uniform(key(1), count).map((u) => 20 * u - 10);
    const share = (x: Float64Array): number => x.filter((v) => v > 0).length / count;
    const small = await annealedLangevin(score, key(2), start, {
      dim: 1,
      process,
      times: [0.01],
      stepsPerLevel: 400,
    });
    const startShare = share(start);
    expect(Math.abs(share(small) - startShare)).toBeLessThan(0.02);
    const times = backwards(logUniformGrid(0.01, 100, 60));
    const annealed = await annealedLangevin(score, key(3), start, {
      dim: 1,
      process,
      times,
      stepsPerLevel: 40,
    });
    // 5 standard errors of a binomial share, and the bias of falling faster than the chains mix, measured below 0.02
    expect(Math.abs(share(annealed) - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / count) + 0.02);
    const spread = annealed.map((v) => (Math.abs(v) - 5) ** 2);
    // ends at the level t = 0.01: variance 0.02 with the bias 1/(1 - ε v/(2 · 0.02)) = 1/0.975 of the last steps
    expect(Math.abs(mean(spread) / (0.02 / 0.975) - 1)).toBeLessThan(5 * Math.sqrt(2 / count) + 0.02);
  });

  it("refuses times that rise or carry no noise", async () => {
    const run = (times: number[]) =>
      annealedLangevin(score, key(1), new Float64Array(1), { dim: 1, process, times, stepsPerLevel: 1 });
    await expect(run([1, 2])).rejects.toThrow(/times\[1\]: expected decreasing/);
    await expect(run([1, 0])).rejects.toThrow(/times\[1\]: expected a time with noise/);
    await expect(run([])).rejects.toThrow(/times: expected at least one/);
  });
});
