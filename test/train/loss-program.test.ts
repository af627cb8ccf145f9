import type { Tensor } from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tf } from "../../src/engine/tfjs.js";
import { mlp } from "../../src/nets/index.js";
import { createPool, type WorkerPool } from "../../src/onnx/pool.js";
import { foldIn, key, normal, randint, uniform } from "../../src/random/index.js";
import { adam } from "../../src/train/adam.js";
import { normals, perStep, rows, uniforms, values, type BatchOptions } from "../../src/train/batch.js";
import { stretches } from "../../src/train/batch-layout.js";
import { fit } from "../../src/train/fit.js";
import { lossProgram, type Loss, type LossOptions } from "../../src/train/loss-program.js";
import type { StepResult } from "../../src/train/step.js";

const TASKS = new URL("../onnx/fixtures/tasks.js", import.meta.url).href;
let two: WorkerPool;
beforeAll(() => {
  two = createPool(2);
});
afterAll(() => two.close());

/** The mean over rows of p · z, whose gradient is the mean of the rows z: it shows what was drawn. */
const meanOf =
  (name: string): Loss =>
  (p, batch) =>
    batch[name].mul(p).sum(1).mean();

async function oneStep(options: LossOptions, count: number, step = 4): Promise<StepResult> {
  const program = lossProgram({ pool: two, ...options });
  try {
    const params = Float32Array.from({ length: count }, (_, i) => 1 + i);
    const { loss, gradient } = await program.run(params, { step, key: foldIn(key(7), step) });
    return { loss, gradient: gradient.slice() };
  } finally {
    await program.close?.();
  }
}

function columnMeans(rows: ArrayLike<number>, width: number): number[] {
  const n = rows.length / width;
  return Array.from({ length: width }, (_, j) =>
    Array.from({ length: n }, (_, i) => rows[i * width + j]).reduce((sum, x) => sum + x / n, 0),
  );
}

/** Sums of n float32 numbers of size below 4, rounded at every addition: at most n · 4 · n^-1 · n · 2^-24, in practice sqrt. */
function expectClose(result: ArrayLike<number>, expected: readonly number[]): void {
  expect(result).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(result[i] - value)).toBeLessThan(1e-5));
}

const stepKey = foldIn(key(7), 4);
const data = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i));

describe("what a step draws", () => {
  const cases: [string, BatchOptions["inputs"], () => number[]][] = [
    ["normals", { z: normals(3) }, () => columnMeans(normal(foldIn(stepKey, 1), 301 * 3), 3)],
    ["uniforms", { z: uniforms(3) }, () => columnMeans(uniform(foldIn(stepKey, 1), 301 * 3), 3)],
    [
      "rows of data",
      { z: rows(data, 3) },
      () => {
        const picked = [...randint(foldIn(stepKey, 0), 301, 0, 20)];
        return columnMeans(
          picked.flatMap((r) => [...data.subarray(3 * r, 3 * r + 3)]),
          3,
        );
      },
    ],
    [
      "values of one's own",
      { unused: normals(1), z: values([3], (own, step) => normal(own, 301 * 3).map((x) => x + step)) },
      () => columnMeans(normal(foldIn(stepKey, 2), 301 * 3), 3).map((x) => x + 4),
    ],
  ];

  it.each(cases)("%s: of the step's key, whatever the number of shards", async (_, inputs, expected) => {
    for (const shards of [1, 2, 3, 7]) {
      const { gradient } = await oneStep({ loss: meanOf("z"), batch: { size: 301, inputs }, shards }, 3);
      expectClose(gradient, expected());
    }
  });

  it("two inputs of rows get the same rows", async () => {
    const labels = data.map((x) => -x);
    const inputs = { x: rows(data, 1), y: rows(labels, 1) };
    const loss: Loss = (p, { x, y }) => x.add(y).square().mul(p).mean();
    expect((await oneStep({ loss, batch: { size: 100, inputs } }, 1)).loss).toBe(0);
  });

  it("what all rows share is the same in every shard", async () => {
    const inputs = { z: normals(2), c: perStep([2], (_, step) => [step, 10]) };
    const loss: Loss = (p, { z, c }) => z.mul(0).add(c).mul(p).sum(1).mean();
    const { gradient } = await oneStep({ loss, batch: { size: 5, inputs }, shards: 3 }, 2);
    expectClose(gradient, [4, 10]);
  });

  it("an input may have any name", async () => {
    const inputs = { params: normals(2), gradient: rows(data, 2) };
    const loss: Loss = (p, { params, gradient }) => gradient.mul(0).add(params).mul(p).sum(1).mean();
    const { gradient } = await oneStep({ loss, batch: { size: 9, inputs }, shards: 2 }, 2);
    expectClose(gradient, columnMeans(normal(foldIn(stepKey, 1), 18), 2));
  });

  it("uniforms stay below 1 in float32", async () => {
    const loss: Loss = (p, { u }) => tf().sub(1, u).log().isFinite().cast("float32").mean().mul(p.sum());
    const { loss: share } = await oneStep({ loss, batch: { size: 100_000, inputs: { u: uniforms(1) } } }, 1);
    expect(share).toBe(1);
  });
});

describe("shards", () => {
  const net = mlp({ sizes: [2, 16, 16, 1], activation: "tanh" });
  const loss: Loss = (p, { x, z }) => net.apply(p, x).sub(z).square().mean();
  const batch: BatchOptions = { size: 257, inputs: { x: rows(data, 2), z: normals(1) } };

  it("cut the rows as evenly as they can", () => {
    expect(stretches(7, 3)).toEqual([
      { first: 0, rows: 3 },
      { first: 3, rows: 2 },
      { first: 5, rows: 2 },
    ]);
  });

  it("add up to one thread's loss and gradient within rounding", async () => {
    const one = await oneStep({ loss, batch, shards: 1 }, net.count);
    const size = Math.max(...one.gradient.map(Math.abs));
    for (const shards of [2, 3, 10]) {
      const other = await oneStep({ loss, batch, shards }, net.count);
      // Sums of 257 terms: 257 · 2^-24 = 1.5e-5 of the size of the terms, which is that of the largest entry.
      expect(Math.abs(other.loss - one.loss)).toBeLessThan(1.5e-5 * one.loss);
      one.gradient.forEach((g, i) => expect(Math.abs(other.gradient[i] - g)).toBeLessThan(1.5e-5 * size));
    }
  });

  it("of the same number give the same bits, whatever the number of threads", async () => {
    const [one, three] = [createPool(1), createPool(3)];
    const results = await Promise.all(
      [two, one, three].map((pool) => oneStep({ loss, batch, shards: 3, pool }, net.count)),
    );
    await Promise.all([one.close(), three.close()]);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it("are never more than rows", async () => {
    const inputs = { z: normals(1) };
    const { gradient } = await oneStep({ loss: meanOf("z"), batch: { size: 2, inputs }, shards: 64 }, 1);
    expectClose(gradient, columnMeans(normal(foldIn(stepKey, 1), 2), 1));
  });

  it("agree with tfjs's own gradient of the whole batch", async () => {
    const picked = [...randint(foldIn(stepKey, 0), 257, 0, 30)];
    const x = tf().tensor2d(
      picked.flatMap((r) => [...data.subarray(2 * r, 2 * r + 2)]),
      [257, 2],
    );
    const z = tf().tensor2d(Float32Array.from(normal(foldIn(stepKey, 2), 257)), [257, 1]);
    const params = tf().tensor1d(Float32Array.from({ length: net.count }, (_, i) => 1 + i));
    const { value, grad } = tf().valueAndGrad((p: Tensor) => loss(p, { x, z }).asScalar())(params);
    const { loss: ours, gradient } = await oneStep({ loss, batch }, net.count);
    expect(Math.abs(ours - value.dataSync()[0])).toBeLessThan(1e-4 * ours);
    const wanted = grad.dataSync();
    const size = Math.max(...wanted.map(Math.abs));
    wanted.forEach((g, i) => expect(Math.abs(gradient[i] - g)).toBeLessThan(1e-4 * size));
  });
});

describe("training with fit", () => {
  const net = mlp({ sizes: [1, 32, 32, 1], activation: "tanh" });
  const x = Float64Array.from({ length: 200 }, (_, i) => i / 100 - 1);
  const options = {
    loss: ((p, { x, y }) => net.apply(p, x).sub(y).square().mean()) satisfies Loss,
    batch: {
      size: 64,
      inputs: {
        x: rows(x, 1),
        y: rows(
          x.map((t) => Math.sin(3 * t)),
          1,
        ),
      },
    },
    params: net.init(key(1)),
    key: key(2),
    optimiser: adam({ learningRate: 0.01 }),
    numSteps: 400,
    recordEvery: 100,
  };

  it("learns a function, with the same bits for the same key and shards", async () => {
    const before = tf().memory().numTensors;
    const [a, b] = [await fit({ ...options, shards: 2 }), await fit({ ...options, shards: 2, pool: two })];
    expect(tf().memory().numTensors).toBe(before);
    const { loss } = a.info.history;
    // The variance of sin 3x on [-1, 1] is 0.55; a net that has learned nothing stays there.
    expect(loss.at(-1)).toBeLessThan(0.01);
    expect(b.params).toEqual(a.params);
  });

  it("leaves the main thread free while a step runs", async () => {
    const wide = mlp({ sizes: [1, 256, 256, 256, 1] });
    const loss: Loss = (p, { x }) => wide.apply(p, x).square().mean();
    const program = lossProgram({ loss, batch: { size: 20_000, inputs: { x: normals(1) } }, pool: two });
    const params = wide.init(key(1));
    await program.run(params, { step: 0, key: key(0) });
    let [turns, done] = [0, false];
    const running = Promise.resolve(program.run(params, { step: 1, key: key(0) })).finally(
      () => (done = true),
    );
    for (; !done; turns++) await new Promise((resolve) => setImmediate(resolve));
    await running;
    await program.close?.();
    // The step takes more than 50 ms; a main thread that waits inside of it has a turn or two.
    expect(turns).toBeGreaterThan(20);
  });
});

describe("faults", () => {
  const inputs = { z: normals(3) };
  const options = { loss: meanOf("z"), batch: { size: 10, inputs }, shards: 2 } satisfies LossOptions;
  const context = { step: 4, key: stepKey };
  const params = new Float32Array(3);

  it.each([
    ["died", "die", { code: 1 }],
    ["was replaced after an error outside of a task", "crash", {}],
  ])(
    "a thread that %s ends the step with an error, and the next step is right again",
    async (_, name, args) => {
      const pool = createPool(2);
      const program = lossProgram({ ...options, pool });
      const { gradient } = await program.run(params, context);
      const right = gradient.slice();
      const killed = pool
        .run({ module: TASKS, name, args, worker: 1 })
        .catch((error: Error) => error.message);
      await expect(program.run(params, context)).rejects.toThrow("the thread has been replaced");
      expect(await killed).toMatch(/exit code|uncaught/);
      expect((await program.run(params, context)).gradient).toEqual(right);
      await program.close?.();
      await pool.close();
    },
  );

  it("a pool that closes under a step ends it, and the next step starts new threads", async () => {
    const pool = createPool(2);
    const program = lossProgram({ ...options, pool });
    await program.run(params, context);
    const step = program.run(params, context);
    const closed = pool.close();
    await expect(step).rejects.toThrow(/closed|replaced/);
    await closed;
    expectClose(
      (await program.run(params, context)).gradient,
      columnMeans(normal(foldIn(stepKey, 1), 30), 3),
    );
    await program.close?.();
    await pool.close();
  });

  it("an error of the runtime in one shard ends the step with its message; a good step follows", async () => {
    const table = tf().tensor2d([1, 2, 3], [3, 1]);
    const loss: Loss = (p, { i }) =>
      table
        .gather(i.cast("int32").reshape([10]))
        .mul(p)
        .mean();
    let bad = true;
    const i = values([1], () => Array.from({ length: 20 }, (_, row) => (bad && row === 19 ? 99 : row % 3)));
    const program = lossProgram({ loss, batch: { size: 20, inputs: { i } }, shards: 2, pool: two });
    await expect(program.run(new Float32Array(1), context)).rejects.toThrow(/indices|bounds|range/i);
    bad = false;
    expectClose((await program.run(new Float32Array(1), context)).gradient, [(7 * 1 + 7 * 2 + 6 * 3) / 20]);
    await program.close?.();
  });

  it("works again after it was closed", async () => {
    const program = lossProgram({ ...options, pool: two });
    const first = (await program.run(params, context)).gradient.slice();
    await program.close?.();
    await program.close?.();
    expect((await program.run(params, context)).gradient).toEqual(first);
    await program.close?.();
  });
});

describe("a loss that cannot be compiled", () => {
  const inputs = { z: normals(1) };
  const reads: Loss = (p, { z }) =>
    z
      .mul(p)
      .mul(z.max().dataSync()[0] * 0 + 1)
      .mean();

  it("is refused by name", async () => {
    const run = oneStep({ loss: reads, batch: { size: 9, inputs } }, 1);
    await expect(run).rejects.toMatchObject({ name: "CompileError", message: /dataSync/ as unknown });
  });

  it("runs eagerly only when told to, to the same numbers", async () => {
    const eager = await oneStep({ loss: reads, batch: { size: 9, inputs }, fallback: "eager" }, 1);
    const compiled = await oneStep({ loss: (p, { z }) => z.mul(p).mean(), batch: { size: 9, inputs } }, 1);
    expectClose(eager.gradient, [...compiled.gradient]);
    const mixed = { z: values([1], () => [1, 2, 3]), c: perStep([1], () => [5]), x: rows(data, 1) };
    const loss: Loss = (p, { z, c, x }) =>
      z
        .mul(c)
        .add(x.mul(0))
        .mul(p)
        .mul(z.dataSync().length / 3)
        .mean();
    expectClose(
      (await oneStep({ loss, batch: { size: 3, inputs: mixed }, fallback: "eager" }, 1)).gradient,
      [10],
    );
  });
});

describe("bad input is named", () => {
  const good: LossOptions = { loss: meanOf("z"), batch: { size: 4, inputs: { z: normals(2) } } };
  const batch = (inputs: object): LossOptions["batch"] => ({ size: 4, inputs }) as LossOptions["batch"];
  it.each<[string, () => unknown, string]>([
    ["no loss", () => lossProgram({ ...good, loss: 1 as never }), "loss: expected a function"],
    ["no rows", () => lossProgram({ ...good, batch: { ...good.batch, size: 0 } }), "batch.size"],
    ["no shards", () => lossProgram({ ...good, shards: 0 }), "shards"],
    [
      "no source",
      () => lossProgram({ ...good, batch: batch({ z: data }) }),
      "batch.inputs.z: expected a source",
    ],
    ["a misspelt option", () => lossProgram({ ...good, shard: 2 } as never), 'did you mean "shards"?'],
    ["ragged data", () => rows(data, 7), "data: expected a length that is a positive multiple of width = 7"],
    ["NaN in the data", () => rows(Float64Array.of(1, NaN), 1), "data[1]: expected a finite number"],
    ["an empty axis", () => normals(2, 0), "shape[1]"],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each<[string, LossOptions, string]>([
    [
      "too few entries",
      { ...good, batch: batch({ z: values([2], () => [1]) }) },
      "batch.inputs.z: expected 8 entries at step 4",
    ],
    ["a loss of every row", { ...good, loss: (p, { z }) => z.mul(p).sum(1) }, "a tensor with one entry"],
    [
      "parameters of another number",
      { ...good, loss: (p, { z }) => z.matMul(p.reshape([3, 1])).mean() },
      "3",
    ],
  ])("%s, at the first step", async (_, options, message) => {
    await expect(oneStep(options, 2)).rejects.toThrow(message);
  });
});
