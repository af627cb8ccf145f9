import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { ema } from "../../src/train/ema.js";
import { fit } from "../../src/train/fit.js";
import type { FitOptions } from "../../src/train/fit-options.js";
import type { FitProgress } from "../../src/train/pace.js";
import { sgd } from "../../src/train/sgd.js";
import { inPhases, type StepProgram } from "../../src/train/step.js";
import { faulty, noisyBowl } from "./programs.js";

const base = {
  program: noisyBowl([1, -2], 0.1),
  params: Float32Array.of(0, 0),
  key: key(1),
  numSteps: 50,
  optimiser: sgd({ learningRate: 0.1 }),
} satisfies FitOptions;

describe("training", () => {
  it("finds the minimum and returns the loss of every stretch", async () => {
    const { params, info } = await fit({ ...base, program: noisyBowl([1, -2]), recordEvery: 10 });
    // Gradient descent contracts by 0.9 a step: 0.9^50 = 0.005.
    expect(params[0]).toBeCloseTo(1 - 0.9 ** 50, 5);
    expect(params[1]).toBeCloseTo(-2 * (1 - 0.9 ** 50), 5);
    expect(info).toMatchObject({ status: "finished", steps: 50, skipped: 0, warnings: [] });
    expect(info.history.steps).toEqual([10, 20, 30, 40, 50]);
    // Mean over steps 0..9 of 5/2 · 0.81^s.
    expect(info.history.loss[0]).toBeCloseTo((2.5 * (1 - 0.81 ** 10)) / (0.19 * 10), 5);
  });

  it("gives the same bits for the same key, others for another, and leaves its input alone", async () => {
    const [a, b, c] = [await fit(base), await fit(base), await fit({ ...base, key: key(2) })];
    expect(a.params).toEqual(b.params);
    expect(a.params).not.toEqual(c.params);
    expect([...base.params]).toEqual([0, 0]);
  });

  it("uses Adam where nothing is said", async () => {
    const { params } = await fit({ program: base.program, params: base.params, key: base.key, numSteps: 1 });
    expect(params[0]).toBeCloseTo(1e-3, 6);
    expect(params[1]).toBeCloseTo(-1e-3, 6);
  });

  it("clips the gradient to a norm", async () => {
    const program = noisyBowl([300, 400]);
    const { params } = await fit({ ...base, program, numSteps: 1, clipNorm: 1 });
    expect(params[0]).toBeCloseTo(0.1 * 0.6, 6);
    expect(params[1]).toBeCloseTo(0.1 * 0.8, 6);
  });

  it("keeps a running average", async () => {
    const { params, average } = await fit({
      ...base,
      average: ema({ decay: 0.5 }),
      numSteps: 2,
      program: noisyBowl([1, 0]),
    });
    // p = 0, 0.1, 0.19; average 0.05, then 0.12.
    expect(params[0]).toBeCloseTo(0.19, 6);
    expect(average?.[0]).toBeCloseTo(0.12, 6);
    expect((await fit(base)).average).toBeUndefined();
  });

  it("runs phases one after the other", async () => {
    const seen: string[] = [];
    const named = (name: string): StepProgram => ({
      run: (params, { step }) => (seen.push(`${name}${step}`), { loss: 0, gradient: params }),
    });
    const program = inPhases([
      { numSteps: 2, program: named("a") },
      { numSteps: 1, program: named("b") },
    ]);
    await fit({ ...base, program, numSteps: 5 });
    expect(seen).toEqual(["a0", "a1", "b2", "b3", "b4"]);
  });
});

describe("steps that are not finite", () => {
  it.each([
    ["loss", { loss: NaN }],
    ["gradient", { gradient: Infinity }],
    ["gradient's square in float32", { gradient: NaN }],
  ])("are skipped and counted: %s", async (_, fault) => {
    const whole = await fit({ ...base, program: noisyBowl([1, -2]), numSteps: 9 });
    const program = faulty(noisyBowl([1, -2]), (step) => ([3, 7].includes(step) ? fault : undefined));
    const { params, info } = await fit({ ...base, program, numSteps: 11 });
    expect(params).toEqual(whole.params);
    expect(info).toMatchObject({ status: "finished", steps: 11, skipped: 2 });
    expect(info.history.loss[3]).toBeNaN();
  });

  it("end the run as diverged when they do not stop, with the last parameters that were good", async () => {
    const program = faulty(noisyBowl([1, -2]), (step) => (step >= 5 ? { loss: Infinity } : undefined));
    const good = await fit({ ...base, program: noisyBowl([1, -2]), numSteps: 4 });
    const { params, info } = await fit({ ...base, program, maxSkips: 3 });
    expect(info).toMatchObject({ status: "diverged", steps: 8, skipped: 3 });
    expect(params).toEqual(good.params);
  });

  it("a learning rate beyond stability ends as diverged with finite parameters", async () => {
    const optimiser = sgd({ learningRate: 1e8 });
    const { params, info } = await fit({ ...base, optimiser, maxSkips: 3 });
    expect(info.status).toBe("diverged");
    expect(params.every(Number.isFinite)).toBe(true);
  });
});

describe("evaluation", () => {
  it("comes at multiples and at the end, with copies and a key of its own at every step", async () => {
    const seen: number[] = [];
    const keys = new Set<string>();
    const options: FitOptions = {
      ...base,
      numSteps: 7,
      evaluate: {
        every: 3,
        run({ step, params, average, key }) {
          seen.push(step);
          keys.add(JSON.stringify(key));
          params.fill(NaN);
          average.fill(NaN);
          return { draw: normal(key, 1)[0] };
        },
      },
    };
    const [a, b, without] = [await fit(options), await fit(options), await fit({ ...base, numSteps: 7 })];
    expect(seen).toEqual([3, 6, 7, 3, 6, 7]);
    expect(keys.size).toBe(3);
    expect(a.info.history.evaluations).toEqual(b.info.history.evaluations);
    expect(a.params).toEqual(without.params);
  });

  it("sees the average where there is one", async () => {
    let seen: Float32Array | undefined;
    const run = ({ average }: { average: Float32Array }): Record<string, number> => ((seen = average), {});
    const result = await fit({ ...base, average: ema({ decay: 0.9 }), evaluate: { every: 50, run } });
    expect(seen).toEqual(result.average);
  });
});

describe("early stopping", () => {
  const values = [5, 3, 4, 2.9, 3.5, NaN, 3, 1];
  const evaluate = { every: 1, run: ({ step }: { step: number }) => ({ error: values[step - 1] }) };

  it("ends after so many values without improvement and returns the best parameters", async () => {
    const { best, info, params } = await fit({
      ...base,
      evaluate,
      earlyStop: { metric: "error", patience: 3 },
    });
    expect(info).toMatchObject({ status: "stopped early", steps: 7 });
    expect(best).toMatchObject({ step: 4, value: 2.9 });
    const four = await fit({ ...base, numSteps: 4 });
    expect(best?.params).toEqual(four.params);
    expect(params).not.toEqual(four.params);
  });

  it("counts only improvements of more than minDelta", async () => {
    const earlyStop = { metric: "error", patience: 2, minDelta: 0.5 };
    expect((await fit({ ...base, evaluate, earlyStop })).info.steps).toBe(4);
  });

  it("can wait for large values", async () => {
    const earlyStop = { metric: "error", patience: 2, mode: "max" } as const;
    expect((await fit({ ...base, evaluate, earlyStop })).best).toMatchObject({ step: 1, value: 5 });
  });

  it("watches the training loss by default", async () => {
    const program: StepProgram = {
      run: (params, { step }) => ({ loss: Math.abs(step - 10), gradient: params }),
    };
    const { best, info } = await fit({ ...base, program, recordEvery: 2, earlyStop: { patience: 2 } });
    // Means of two steps: 9.5, 7.5, 5.5, 3.5, 1.5, 0.5, 2.5, 4.5.
    expect(best).toMatchObject({ step: 12, value: 0.5 });
    expect(info).toMatchObject({ status: "stopped early", steps: 16 });
  });

  it("names a metric that evaluation does not return", async () => {
    const earlyStop = { metric: "eror", patience: 1 };
    await expect(fit({ ...base, evaluate, earlyStop })).rejects.toThrow(
      'earlyStop.metric: expected one of error, got "eror"',
    );
    await expect(fit({ ...base, earlyStop })).rejects.toThrow("`evaluate` to find it in");
  });
});

describe("progress", () => {
  it("tells loss, rate, time left and the evaluation's numbers, at most ten times a second and at the end", async () => {
    const events: FitProgress[] = [];
    const began = performance.now();
    await fit({
      ...base,
      program: faulty(base.program, (step) => (step === 2 ? { loss: NaN } : undefined)),
      numSteps: 2000,
      evaluate: { every: 2000, run: () => ({ error: 0.123456 }) },
      onProgress: (event) => events.push(event),
    });
    const last = events.at(-1);
    expect(events.length).toBeLessThanOrEqual((performance.now() - began) / 100 + 1);
    expect(last).toMatchObject({ done: 2000, total: 2000, secondsLeft: 0, learningRate: 0.1, skipped: 1 });
    expect(last?.rate).toBeGreaterThan(0);
    expect(last?.note).toMatch(/^loss [\d.e-]+, error 0\.1235, 1 steps skipped$/);
  });

  it("lets timers run between synchronous steps: at most 20 ms without the event loop", async () => {
    const program: StepProgram = {
      run(params) {
        for (const began = performance.now(); performance.now() - began < 4;);
        return { loss: 0, gradient: params };
      },
    };
    let [ticks, steps, most] = [0, 0, 0];
    const timer = setInterval(() => {
      ticks++;
      [steps, most] = [0, Math.max(most, steps)];
    }, 1);
    await fit({ ...base, program: { run: (p, c) => (steps++, program.run(p, c)) }, numSteps: 40 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(8);
    // Four steps take at least 16 ms; more between two turns would exceed the promise.
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe("an interrupt", () => {
  it("stops after the current step with the state kept, from which the run goes on to the same bits", async () => {
    const options: FitOptions = { ...base, average: ema({ decay: 0.9 }), optimiser: undefined };
    const whole = await fit(options);
    const stop = new AbortController();
    const program: StepProgram = {
      run(params, context) {
        if (context.step === 20) stop.abort();
        return base.program.run(params, context);
      },
    };
    const part = await fit({ ...options, program, signal: stop.signal });
    expect(part.info).toMatchObject({ status: "interrupted", steps: 21 });
    const [one, two] = [
      await fit({ ...options, from: part.state }),
      await fit({ ...options, from: part.state }),
    ];
    expect(one.params).toEqual(whole.params);
    expect(one.average).toEqual(whole.average);
    expect(one.info.history).toEqual(whole.info.history);
    expect(two.params).toEqual(whole.params);
  });

  it("of a notebook's cell does the same, though its timers no longer fire", async () => {
    const stop = new AbortController();
    const name = Symbol.for("scorebook.kernel");
    const timers = globalThis.setImmediate;
    Object.assign(globalThis, { [name]: { signal: stop.signal } });
    try {
      const program: StepProgram = {
        run(params, context) {
          if (context.step === 5) {
            stop.abort();
            Object.assign(globalThis, { setImmediate: () => undefined });
          }
          for (const began = performance.now(); performance.now() - began < 10;);
          return base.program.run(params, context);
        },
      };
      expect((await fit({ ...base, program })).info).toMatchObject({ status: "interrupted", steps: 6 });
    } finally {
      Object.assign(globalThis, { [name]: undefined, setImmediate: timers });
    }
  });

  it("before the first step does nothing", async () => {
    const result = await fit({ ...base, signal: AbortSignal.abort() });
    expect(result.info).toMatchObject({ status: "interrupted", steps: 0 });
    expect(result.params).toEqual(base.params);
  });
});

describe("bad input is named", () => {
  const wrong = (options: object): FitOptions => ({ ...base, ...options });
  it.each<[string, object, string]>([
    ["a program that is none", { program: {} }, "program: expected an object with run()"],
    [
      "neither loss nor program",
      { program: undefined },
      "loss: expected a loss and its `batch`, or a `program`",
    ],
    ["a loss without batch", { program: undefined, loss: () => 0 }, "batch: expected its size and inputs"],
    ["a loss beside a program", { loss: () => 0 }, "loss: expected nothing beside a `program`"],
    ["float64 parameters", { params: new Float64Array(2) }, "params: expected a Float32Array"],
    ["no parameters", { params: new Float32Array(0) }, "params: expected a Float32Array of at least one"],
    [
      "NaN among the parameters",
      { params: Float32Array.of(0, NaN) },
      "params[1]: expected a finite number, got NaN",
    ],
    ["a seed for a key", { key: 1 }, "key: expected a key"],
    ["no steps", { numSteps: 0 }, "numSteps: expected a whole number of at least 1, got 0"],
    ["a norm of zero", { clipNorm: 0 }, "clipNorm"],
    ["a misspelt option", { onprogress: () => undefined }, 'did you mean "onProgress"?'],
    ["no patience", { earlyStop: { patience: 0 } }, "earlyStop.patience"],
    ["an unknown mode", { earlyStop: { patience: 1, mode: "least" } }, "earlyStop.mode"],
    ["evaluation every 0 steps", { evaluate: { every: 0, run: () => ({}) } }, "evaluate.every"],
    [
      "a gradient of another length",
      { program: { run: () => ({ loss: 0, gradient: new Float32Array(3) }) } },
      "program's gradient: expected a Float32Array of 2 numbers, one a parameter, got Float32Array(3)",
    ],
    [
      "a loss that is a text",
      { program: { run: () => ({ loss: "0", gradient: new Float32Array(2) }) } },
      "program's loss",
    ],
    ["no phases", { program: { run: () => inPhases([]).run } }, "phases: expected at least one phase"],
  ])("%s", async (_, options, message) => {
    await expect(fit(wrong(options))).rejects.toThrow(message);
  });

  it("a state of another run", async () => {
    const { state } = await fit({ ...base, params: Float32Array.of(0, 0) });
    await expect(fit({ ...base, from: state, optimiser: undefined })).rejects.toThrow("from.optimiser");
    await expect(fit({ ...base, from: state, average: ema({ decay: 0 }) })).rejects.toThrow("from.average");
    await expect(fit({ ...base, from: { ...state, params: new Float32Array(3) } })).rejects.toThrow(
      "from.params",
    );
  });

  it("what a program throws comes through", async () => {
    const program: StepProgram = { run: () => Promise.reject(new RangeError("no")) };
    await expect(fit({ ...base, program })).rejects.toThrow(new RangeError("no"));
  });
});
