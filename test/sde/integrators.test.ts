import { describe, expect, it } from "vitest";
import { gaussHermite } from "../../src/linalg/index.js";
import { key } from "../../src/random/index.js";
import {
  adamsBashforth,
  backwards,
  clip,
  dormandPrince,
  eulerMaruyama,
  forwardSde,
  gaussianScore,
  integrate,
  keyedNoise,
  logUniformGrid,
  ornsteinUhlenbeck,
  overdampedLangevin,
  periodicBrownian,
  probabilityFlow,
  quadraticGrid,
  reverseSde,
  schemeMoments,
  stochasticHeun,
  uniformGrid,
  type Method,
  type System,
} from "../../src/sde/index.js";
import { doubleWell } from "../../src/targets/index.js";

const METHODS: readonly Method[] = [eulerMaruyama, stochasticHeun, adamsBashforth];
const HORIZON = 3;

function gaussianSystem(v0: number, kind: "SDE" | "ODE"): System {
  const process = ornsteinUhlenbeck();
  const score = gaussianScore(process, { variance: v0 });
  return kind === "SDE" ? reverseSde(process, score) : probabilityFlow(process, score);
}

async function finalVariance(
  v0: number,
  kind: "SDE" | "ODE",
  numSteps: number,
  method: Method,
): Promise<number> {
  const times = backwards(quadraticGrid(HORIZON, numSteps));
  const { variance } = await schemeMoments(
    gaussianSystem(v0, kind),
    times,
    { mean: 0, variance: 1 },
    { method },
  );
  return variance;
}

/** What the continuous equations give from variance 1 at the horizon. */
function exactVariance(v0: number, kind: "SDE" | "ODE"): number {
  const vT = 1 + (v0 - 1) * Math.exp(-2 * HORIZON);
  if (kind === "ODE") return v0 / vT;
  const e = Math.exp(2 * HORIZON);
  return v0 + ((1 - vT) * e * v0 ** 2) / (e + v0 - 1) ** 2;
}

describe("Euler–Maruyama with the exact score: the reference table", () => {
  it.each([
    [0.25, "SDE", [0.273594, 0.261529, 0.255697, 0.252832]],
    [0.25, "ODE", [0.271462, 0.26084, 0.255621, 0.253035]],
    [0.05, "SDE", [0.061953, 0.055673, 0.05276, 0.051361]],
  ] as const)("v0 = %d, %s", async (v0, kind, variances) => {
    for (let i = 0; i < 4; i++) {
      const ours = await finalVariance(v0, kind, 40 * 2 ** i, eulerMaruyama);
      expect(Math.abs(ours - variances[i])).toBeLessThan(0.6e-6);
    }
  });

  it("is the recursion of the variance", async () => {
    const times = backwards(quadraticGrid(HORIZON, 40));
    let v = 1;
    for (let k = 0; k < 40; k++) {
      const h = times[k] - times[k + 1];
      const vt = 1 - 0.75 * Math.exp(-2 * times[k]);
      v = (1 + h * (1 - 2 / vt)) ** 2 * v + 2 * h;
    }
    expect(await finalVariance(0.25, "SDE", 40, eulerMaruyama)).toBeCloseTo(v, 13);
  });
});

describe.each(METHODS.map((method) => [method.name, method] as const))("%s", (_, method) => {
  it.each([
    [0.25, "SDE"],
    [0.05, "SDE"],
    [0.25, "ODE"],
    [0.05, "ODE"],
  ] as const)("shows its weak order on Gaussian data, v0 = %d, %s", async (v0, kind) => {
    const exact = exactVariance(v0, kind);
    const [coarse, fine] = [
      (await finalVariance(v0, kind, 320, method)) - exact,
      (await finalVariance(v0, kind, 640, method)) - exact,
    ];
    // the next term of the error is about 20/numSteps of the first one at v0 = 0.05
    expect(Math.abs(Math.log2(coarse / fine) - method.order)).toBeLessThan(0.15);
  });

  it("shows its weak order on a double well, expectations by quadrature over all noise paths", async () => {
    const system = forwardSde(overdampedLangevin({ potentials: doubleWell({ barrier: 0.5 }) }));
    const values: number[] = [];
    for (const numSteps of [2, 4, 8]) values.push(await treeExpectation(system, numSteps, method));
    const ratio = (values[0] - values[1]) / (values[1] - values[2]);
    // 2^order as the step goes to 0; the next terms are of the relative size h V'' = 0.05
    expect(Math.abs(Math.log2(ratio) - method.order)).toBeLessThan(0.1);
  });

  it("takes the same path whatever the number of points", async () => {
    const system = gaussianSystem(0.25, "SDE");
    const times = backwards(quadraticGrid(1, 10));
    const many = await integrate(system, new Float64Array(64).fill(0.5), times, { method, key: key(3) });
    const few = await integrate(system, new Float64Array(8).fill(0.5), times, { method, key: key(3) });
    expect(many.subarray(0, 8)).toEqual(few);
  });
});

/**
 * E[X_T²], T = 0.1, from X_0 = 0.4: the expectation over three-point Gauss–Hermite noise in every step, whose moments
 * are those of normal noise up to the fifth, which is enough up to weak order 2.
 */
async function treeExpectation(system: System, numSteps: number, method: Method): Promise<number> {
  const { nodes, weights } = gaussHermite(3);
  const count = 3 ** numSteps;
  const digit = (path: number, step: number): number => Math.floor(path / 3 ** step) % 3;
  const end = await integrate(system, new Float64Array(count).fill(0.4), uniformGrid(0.1, numSteps), {
    method,
    noise: (step, out) => out.forEach((_, path) => (out[path] = nodes[digit(path, step)])),
  });
  let sum = 0;
  end.forEach((x, path) => {
    let weight = 1;
    for (let step = 0; step < numSteps; step++) weight *= weights[digit(path, step)];
    sum += weight * x * x;
  });
  return sum;
}

describe("the higher-order schemes", () => {
  it("remove most of the time bias at 160 steps", async () => {
    const bias = async (method: Method, v0: number): Promise<number> =>
      Math.abs((await finalVariance(v0, "SDE", 160, method)) / v0 - 1);
    // measured: Euler 2.3 % and 5.5 %, Heun 0.04 % and 0.24 %, Adams–Bashforth 0.10 % and 0.52 %
    expect(await bias(eulerMaruyama, 0.25)).toBeGreaterThan(0.022);
    expect(await bias(stochasticHeun, 0.25)).toBeLessThan(0.0005);
    expect(await bias(adamsBashforth, 0.25)).toBeLessThan(0.0011);
    expect(await bias(stochasticHeun, 0.05)).toBeLessThan(0.0025);
    expect(await bias(adamsBashforth, 0.05)).toBeLessThan(0.0055);
  });

  it("carry a time-dependent noise to order 2", async () => {
    // dY = -Y dt + t dW from 0: variance ∫ t² e^{-2(1-t)} dt on [0, 1] = 1/4 - e^{-2}/4
    const system: System = {
      drift: (_, y, out) => y.forEach((value, at) => (out[at] = -value)),
      diffusion: (t) => t,
    };
    const exact = (1 - Math.exp(-2)) / 4;
    const errors: number[] = [];
    for (const numSteps of [100, 200]) {
      const { variance } = await schemeMoments(system, uniformGrid(1, numSteps), { mean: 0, variance: 0 });
      errors.push(variance - exact);
    }
    expect(Math.log2(errors[0] / errors[1])).toBeCloseTo(2, 1);
  });
});

describe("conventions", () => {
  const times = backwards(quadraticGrid(4, 1000));
  const score = gaussianScore(ornsteinUhlenbeck(), { variance: 0.25 });
  const final = async (system: System): Promise<number> =>
    (await schemeMoments(system, times, { mean: 0, variance: 1 })).variance;

  it("used alone give the data's variance", async () => {
    expect(await final(reverseSde(ornsteinUhlenbeck(), score))).toBeCloseTo(0.25, 4);
    expect(await final(probabilityFlow(ornsteinUhlenbeck(), score))).toBeCloseTo(0.2501, 4);
    // unit noise throughout is inverse temperature 2, stationary variance 1/2
    const unit = ornsteinUhlenbeck({ beta: 2 });
    expect(await final(reverseSde(unit, gaussianScore(unit, { variance: 0.25 })))).toBeCloseTo(0.25, 4);
  });

  it("mixed as on the slide give 1.423, by the library and by the recursion", async () => {
    const mixed = reverseSde(ornsteinUhlenbeck({ beta: 2 }), score);
    expect(mixed.diffusion).toBe(1);
    expect(await final(mixed)).toBeCloseTo(1.423, 3);
    let v = 1;
    for (let k = 0; k + 1 < times.length; k++) {
      const h = times[k] - times[k + 1];
      v = (1 + h * (1 - 1 / (1 - 0.75 * Math.exp(-2 * times[k])))) ** 2 * v + h;
    }
    // first order with 1000 steps: 0.2 % here
    expect(Math.abs(v - 1.423)).toBeLessThan(0.006);
  });
});

describe("means", () => {
  it("of the reversal are the data's", async () => {
    const process = ornsteinUhlenbeck({ mean: 1, variance: 2, beta: 0.5 });
    const score = gaussianScore(process, { mean: -3, variance: 0.1 });
    const times = backwards(quadraticGrid(16, 800));
    for (const system of [reverseSde(process, score), probabilityFlow(process, score)]) {
      const { mean, variance } = await schemeMoments(system, times, { mean: 1, variance: 4 });
      // the flow keeps e^{-8} of the missing start: 4 e^{-8} times the contraction of widths sqrt(0.1/4)
      expect(mean).toBeCloseTo(-3, 2);
      expect(variance).toBeCloseTo(0.1, 3);
    }
  });
});

describe("dormandPrince", () => {
  const system = probabilityFlow(ornsteinUhlenbeck(), gaussianScore(ornsteinUhlenbeck(), { variance: 0.05 }));
  const vT = 1 - 0.95 * Math.exp(-2 * HORIZON);
  const start = Float64Array.of(-1, 0.3, 2);

  it("holds its tolerance with a cost of the fifth root", async () => {
    const costs: number[] = [];
    for (const tolerance of [1e-9, 1e-12]) {
      const result = await dormandPrince(system, start, HORIZON, 0, {
        relativeTolerance: tolerance,
        absoluteTolerance: tolerance,
      });
      result.y.forEach((value, i) => {
        // local errors add up over some dozens of steps of a contracting flow
        expect(Math.abs(value - start[i] * Math.sqrt(0.05 / vT))).toBeLessThan(10 * tolerance);
      });
      expect(result.evaluations).toBe(1 + 6 * (result.accepted + result.rejected));
      costs.push(result.accepted);
    }
    const order = Math.log(1e3) / Math.log(costs[1] / costs[0]);
    // 5, but for the steps' rounding to whole numbers and the start
    expect(Math.abs(order - 5)).toBeLessThan(0.5);
  });

  it("goes there and back", async () => {
    const forward: System = {
      drift: async (t, y, out) => {
        await system.drift(t, y, out);
        y.forEach((_, at) => (out[at] = -out[at]));
      },
      diffusion: 0,
    };
    const options = { relativeTolerance: 1e-10, absoluteTolerance: 1e-12 };
    const there = await dormandPrince(forward, start, 0, HORIZON, options);
    const back = await dormandPrince(system, there.y, HORIZON, 0, options);
    back.y.forEach((value, i) => expect(value).toBeCloseTo(start[i], 8));
  });

  it("refuses noise, equal times and bad tolerances, and says when it does not arrive", async () => {
    const noisy = gaussianSystem(0.25, "SDE");
    await expect(dormandPrince(noisy, start, 1, 0)).rejects.toThrow(/without noise/);
    await expect(dormandPrince(system, start, 1, 1)).rejects.toThrow(/^to: expected/);
    await expect(dormandPrince(system, start, 1, 0, { relativeTolerance: 0 })).rejects.toThrow(/Tolerance/);
    await expect(dormandPrince(system, start, 3, 0, { maxSteps: 3 })).rejects.toThrow(/no end after 3 steps/);
    const explosive: System = { drift: (_, y, out) => void (out[0] = y[0] ** 2), diffusion: 0 };
    await expect(dormandPrince(explosive, Float64Array.of(1), 0, 2)).rejects.toThrow(/vanishes|no end/);
  });
});

describe("integrate", () => {
  const system = gaussianSystem(0.25, "SDE");
  const times = backwards(uniformGrid(1, 5));
  const start = Float64Array.of(1, 2);

  it("leaves the start alone, reports each state and progress", async () => {
    const seen: number[] = [];
    const done: number[] = [];
    const end = await integrate(system, start, times, {
      key: key(1),
      onStep: ({ step, t, y }) => {
        seen.push(t);
        expect(step).toBe(seen.length - 1);
        expect(y.length).toBe(2);
      },
      onProgress: (event) => done.push(event.done / event.total),
    });
    expect(start).toEqual(Float64Array.of(1, 2));
    expect(end).not.toEqual(start);
    expect(seen).toEqual([...times]);
    expect(done).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  });

  it("draws its noise from the key and the step alone", async () => {
    const still: System = { drift: (_, __, out) => void out.fill(0), diffusion: 2 };
    const end = await integrate(still, new Float64Array(4), [0, 0.25, 1], { key: key(7) });
    const [first, second] = [new Float64Array(4), new Float64Array(4)];
    keyedNoise(key(7))(0, first);
    keyedNoise(key(7))(1, second);
    end.forEach((value, at) =>
      expect(value).toBeCloseTo(2 * Math.sqrt(0.25) * first[at] + 2 * Math.sqrt(0.75) * second[at], 14),
    );
  });

  it("keeps points in the domain after each step", async () => {
    const torus = periodicBrownian({ halfWidth: 1 });
    await integrate(forwardSde(torus), new Float64Array(100), uniformGrid(10, 20), {
      key: key(1),
      onStep: ({ y }) => expect(Math.max(...y.map(Math.abs))).toBeLessThanOrEqual(1),
    });
    const boxed: System = { ...system, project: clip(-0.5, 0.5) };
    const end = await integrate(boxed, new Float64Array(100), times, { key: key(1) });
    expect(Math.max(...end)).toBe(0.5);
  });

  it("stops when it is told to", async () => {
    const control = new AbortController();
    const run = integrate(system, start, times, {
      key: key(1),
      signal: control.signal,
      onStep: ({ step }) => step === 2 && control.abort(new Error("enough")),
    });
    await expect(run).rejects.toThrow("enough");
  });

  it("lets other work of the thread run", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const busy: System = {
      drift: (_, __, out) => {
        const end = performance.now() + 10;
        while (performance.now() < end);
        out.fill(0);
      },
      diffusion: 0,
    };
    await integrate(busy, start, uniformGrid(1, 20), { method: eulerMaruyama });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it.each([
    [() => integrate(system, start, times), /options\.key/],
    [() => integrate(system, start, [1]), /^times: expected a grid/],
    [() => integrate(system, start, [0, 1, 1], { key: key(1) }), /^times\[2\]/],
    [() => integrate(system, start, [0, 1, NaN], { key: key(1) }), /^times\[2\]/],
    [() => integrate(system, Float64Array.of(NaN), times, { key: key(1) }), /^start\[0\]/],
    [() => integrate(system, start, times, { kei: key(1) } as never), /did you mean "key"/],
  ])("refuses %#", async (run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});

describe("grids", () => {
  it("have their shapes", () => {
    expect([...quadraticGrid(2, 4)]).toEqual([0, 0.125, 0.5, 1.125, 2]);
    expect([...uniformGrid(2, 4)]).toEqual([0, 0.5, 1, 1.5, 2]);
    expect([...backwards(uniformGrid(1, 2))]).toEqual([1, 0.5, 0]);
    const logs = logUniformGrid(0.01, 1, 4).map(Math.log10);
    [-2, -1.5, -1, -0.5, 0].forEach((value, k) => expect(logs[k]).toBeCloseTo(value, 14));
    expect(logUniformGrid(0.3, 7, 9)[0]).toBe(0.3);
    expect(logUniformGrid(0.3, 7, 9)[9]).toBe(7);
  });

  it("refuse bad numbers", () => {
    expect(() => quadraticGrid(0, 4)).toThrow(/^horizon/);
    expect(() => uniformGrid(1, 0)).toThrow(/^numSteps/);
    expect(() => logUniformGrid(2, 1, 4)).toThrow(/^horizon: expected a time after earliest = 2/);
  });
});

describe("gaussianScore", () => {
  it("refuses bad moments", () => {
    const process = ornsteinUhlenbeck({ dim: 2 });
    expect(() => gaussianScore(process, { variance: -1 })).toThrow(/^variance/);
    expect(() => gaussianScore(process, { variance: [1, 2, 3] })).toThrow(/^variance: expected 2 numbers/);
    expect(() => gaussianScore(process, { mean: [1], variance: 1 })).toThrow(/^mean: expected 2 numbers/);
  });
});
