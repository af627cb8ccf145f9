import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { swissRoll } from "../../../src/data/index.js";
import { key } from "../../../src/random/index.js";
import { warmupCosine } from "../../../src/train/index.js";
import { DivergenceError, fromWeights, train } from "../../../src/score/wasserstein-proximal/index.js";

const toy = swissRoll();
const data = toy.sample(key(1), 3000);
const small = { dim: 2, key: key(0), numKernels: 300, hidden: [16, 16], numSteps: 150, stepSize: 5e-3 };
const mean = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("training", () => {
  it("lowers the loss on fresh points towards minus the Fisher information, and never below it", async () => {
    const { model, state } = await train(data, small);
    const fresh = toy.sample(key(2), 20_000);
    const loss = await model.implicitLoss(fresh);
    const first = state.losses.subarray(0, 10);
    expect(mean(loss)).toBeLessThan(mean(first) - 5);
    // E (J + |s*|²) = E |s - s*|² >= 0
    const score = toy.score(fresh);
    const terms = loss.map((v, i) => v + score[2 * i] ** 2 + score[2 * i + 1] ** 2);
    expect(mean(terms)).toBeGreaterThan(-5 * Math.sqrt(mean(terms.map((v) => v * v)) / terms.length));
    expect(state).toMatchObject({ step: 150 });
    expect(state.losses).toHaveLength(150);
  });

  it("goes on from a state as if it had not stopped, to the last bit", async () => {
    const whole = await train(data, small);
    const half = await train(data, { ...small, numSteps: 70 });
    const rest = await train(data, { ...small, state: half.state });
    expect(rest.state).toEqual(whole.state);
    expect(rest.model.precision).toEqual(whole.model.precision);
  });

  it("takes its step size from a schedule, half a cosine over all steps unless told", async () => {
    const rest = { dim: 2, key: key(0), numKernels: 300, hidden: [16, 16], numSteps: 120 };
    const falling = await train(data, rest);
    const stepSize = warmupCosine({ peak: 2e-3, numSteps: 120 });
    const half = await train(data, { ...rest, numSteps: 70, stepSize });
    expect((await train(data, { ...rest, stepSize, state: half.state })).state).toEqual(falling.state);
    // a step size of 0 leaves the weights where they are
    const still = await train(data, { ...small, stepSize: (step) => (step < 70 ? stepSize(step) : 0) });
    expect(still.state.weights).toEqual(half.state.weights);
    await expect(train(data, { ...small, stepSize: () => -1 })).rejects.toThrow(/stepSize\(0\)/);
  });

  it("is had back from its weights, in single precision too", async () => {
    const trained = await train(data, { ...small, numSteps: 30 });
    const { model, state } = trained;
    const options = { dim: 2, centres: model.centres, epsilon: 0.01, hidden: small.hidden };
    const again = await fromWeights(Float32Array.from(state.weights), options);
    expect(again.model.precision).toEqual(model.precision);
    expect(await again.precisionAt(data)).toEqual(await trained.precisionAt(data));
    await expect(fromWeights(state.weights, { ...options, hidden: [16] })).rejects.toThrow(/weights/);
  });

  it("gives the same bits with one thread and with three", () => {
    const index = (room: string): string => new URL(`../../../dist/${room}/index.js`, import.meta.url).href;
    const code = `
      const { swissRoll } = await import("${index("data")}");
      const { key } = await import("${index("random")}");
      const { train } = await import("${index("score/wasserstein-proximal")}");
      const data = swissRoll().sample(key(1), 2000);
      const { state } = await train(data, { dim: 2, key: key(0), numKernels: 600, hidden: [16], batchSize: 70, numSteps: 12 });
      console.log([...state.weights.subarray(0, 20), ...state.losses].join());`;
    const [one, three] = ["1", "3"].map((threads) =>
      spawnSync(process.execPath, ["--input-type=module", "-e", code], {
        cwd: fileURLToPath(new URL("../../..", import.meta.url)),
        env: { ...process.env, SCOREBOOK_THREADS: threads },
        encoding: "utf8",
      }),
    );
    expect(one.stderr).toBe("");
    expect(one.stdout.split(",")).toHaveLength(32);
    expect(three.stdout).toBe(one.stdout);
  });

  it("reports progress and stops when asked to", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const run = train(data, {
      ...small,
      numSteps: 1000,
      signal: stop.signal,
      onProgress: ({ done, total }) => {
        seen.push(done);
        expect(total).toBe(1000);
        if (done >= 200) stop.abort(new Error("enough"));
      },
    });
    await expect(run).rejects.toThrow("enough");
    expect(seen).toEqual([0, 100, 200]);
  });

  it("puts the learned precisions at any points, such as fresh centres", async () => {
    const trained = await train(data, small);
    const { model } = trained;
    expect(await trained.precisionAt(model.centres)).toEqual(model.precision);
    const fresh = await trained.withCentres(toy.sample(key(5), 400));
    expect(fresh.count).toBe(400);
    const test = toy.sample(key(6), 5000);
    const [own, other] = [mean(await model.logDensity(test)), mean(await fresh.logDensity(test))];
    expect(Math.abs(own - other)).toBeLessThan(0.5);
  });

  it("leaves out each sample's own kernel where centres are the data", async () => {
    const few = toy.sample(key(7), 300);
    const { model } = await train(few, { ...small, numKernels: 300, leaveOneOut: true });
    const test = toy.sample(key(8), 5000);
    expect([...model.centres]).toEqual([...few]);
    // a model that memorised would have a loss above 0 on fresh points
    expect(mean(await model.implicitLoss(test))).toBeLessThan(-5);
  });
});

describe("training refuses", () => {
  const options = { dim: 2, key: key(0), numSteps: 10, hidden: [8] };

  it("data with NaN", async () => {
    const bad = data.slice();
    bad[7] = NaN;
    await expect(train(bad, options)).rejects.toThrow("data[7]: expected a finite number, got NaN");
  });

  it("fewer points than kernels", async () => {
    await expect(train(data.slice(0, 200), { ...options, numKernels: 100 })).rejects.toThrow(
      /data: expected more points than numKernels = 100.*got 100 points/,
    );
  });

  it("centres among the training points, with the reason, unless one leaves them out", async () => {
    const centres = Float64Array.of(9, 9, ...data.subarray(20, 22));
    await expect(train(data, { ...options, centres })).rejects.toThrow(
      /centres: .*centre 1 is point 10, where the loss has no lower bound.*leaveOneOut/,
    );
    await expect(train(data, { ...options, centres, leaveOneOut: true })).rejects.toThrow(
      /centres: expected none/,
    );
  });

  it("data that hold the same point twice, once among the centres", async () => {
    const doubled = new Float64Array(200);
    doubled.set(data.subarray(0, 100));
    doubled.set(data.subarray(0, 100), 100);
    await expect(train(doubled, { ...options, numKernels: 50 })).rejects.toThrow(
      /no centre among the training points/,
    );
  });

  it("a state of another network, and unknown options", async () => {
    const { state } = await train(data, { ...options, numKernels: 50 });
    await expect(train(data, { ...options, numKernels: 50, hidden: [9], state })).rejects.toThrow(
      /state\.weights/,
    );
    await expect(train(data, { ...options, stepsize: 1 } as typeof options)).rejects.toThrow(
      /did you mean "stepSize"/,
    );
  });

  it.each([
    ["at once", 1e6],
    ["slowly", 30],
  ])("a step size that diverges %s, with the step, the norm and the last good state", async (_, stepSize) => {
    const { state } = await train(data, { ...small, numSteps: 50 });
    const run = train(data, { ...small, stepSize, state });
    const error = (await run.catch((e: unknown) => e)) as DivergenceError;
    expect(error).toBeInstanceOf(DivergenceError);
    expect(error.message).toMatch(
      /stepSize: training diverged at step \d+ with a gradient of norm .*after 50 steps/,
    );
    expect(error.step).toBeGreaterThanOrEqual(50);
    expect(error.norm).toBeGreaterThan(1e3);
    expect(error.state).toEqual(state);
    const { state: saved } = await train(data, { ...small, state: error.state });
    expect(saved.step).toBe(150);
  });
});
