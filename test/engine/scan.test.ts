import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { jvp } from "../../src/engine/derivatives/forward.js";
import { grad, valueAndGrad } from "../../src/engine/derivatives/reverse.js";
import { gelu } from "../../src/engine/gelu.js";
import { scan, type ScanOptions } from "../../src/engine/scan/scan.js";
import { tf as load } from "../../src/engine/tfjs.js";

const tf = load();
/** Numbers without pattern in (-1, 1). */
const pattern = (shape: number[], seed: number): Tensor =>
  tf.linspace(1, 2, tf.util.sizeFromShape(shape)).mul(37.7 * seed).sin().reshape(shape); // prettier-ignore

function close(a: Tensor | ArrayLike<number>, b: Tensor | ArrayLike<number>, tolerance = 1e-5): void {
  const list = (x: Tensor | ArrayLike<number>): number[] => Array.from("dataSync" in x ? x.dataSync() : x);
  const [given, wanted] = [list(a), list(b)];
  // Rounding grows with the largest of the entries that were summed.
  const scale = Math.max(1, ...wanted.map(Math.abs));
  tf.test_util.expectArraysClose(given, wanted, tolerance * scale);
}

/** Run a function compiled and eagerly, where `scan` is an ordinary loop, and compare all leaves. */
async function compare(fn: (inputs: Tensor[]) => Tensor[], inputs: Tensor[]): Promise<void> {
  const compiled = await compile(fn, inputs)(inputs);
  const eager = fn(inputs);
  expect(compiled.map((t) => t.shape)).toEqual(eager.map((t) => t.shape));
  compiled.forEach((t, i) => close(t, eager[i]));
}

const x0 = pattern([4, 2], 1);
const noise = pattern([7, 4, 2], 2);
const times = tf.linspace(0, 1, 7);
const weights = [pattern([2, 5], 3), pattern([5], 4), pattern([5, 2], 5)];

/** An Euler scheme with a learned drift that is used as a captured tensor, in the way of path-space samplers. */
function simulate(
  w: Tensor[],
  x: Tensor,
  dw: Tensor,
  options: ScanOptions = {},
): { last: Tensor; path: Tensor; cost: Tensor } {
  const [carry, path] = scan(
    ({ x, cost }: { x: Tensor; cost: Tensor }, { t, dw }: { t: Tensor; dw: Tensor }) => {
      const drift = gelu((x as Tensor2D).matMul(w[0] as Tensor2D).add(w[1]).add(t)).matMul(w[2]); // prettier-ignore
      const next = x.add(drift.mul(0.1)).add(dw.mul(0.3));
      return [{ x: next, cost: cost.add(drift.square().sum(1)) }, x];
    },
    { x, cost: tf.zeros([4]) },
    { t: times, dw },
    options,
  );
  return { last: carry.x, path, cost: carry.cost };
}

describe("a compiled scan agrees with the loop", () => {
  it("in its results", async () => {
    await compare(
      ([x, dw, ...w]) => {
        const { last, path, cost } = simulate(w, x, dw);
        return [last, path, cost];
      },
      [x0, noise, ...weights],
    );
  });

  it("in reverse", async () => {
    await compare(
      ([x, dw, ...w]) => {
        const { last, path } = simulate(w, x, dw, { reverse: true });
        return [last, path];
      },
      [x0, noise, ...weights],
    );
  });

  const loss = (w: Tensor[], x: Tensor, dw: Tensor, options?: ScanOptions): Tensor => {
    const { last, path, cost } = simulate(w, x, dw, options);
    return last.square().mean().add(path.sin().mean()).add(cost.mean());
  };

  it.each([false, true])(
    "in gradients by start, entries and captured weights (reverse: %s)",
    async (reverse) => {
      await compare(
        ([x, dw, ...w]) => {
          const all = (p: { w: Tensor[]; x: Tensor; dw: Tensor }): Tensor =>
            loss(p.w, p.x, p.dw, { reverse });
          const { value, gradient } = valueAndGrad(all)({ w, x, dw });
          return [value, gradient.x, gradient.dw, ...gradient.w];
        },
        [x0, noise, ...weights],
      );
    },
  );

  it("in second derivatives", async () => {
    await compare(
      ([x, dw, ...w]) => {
        const length = (q: Tensor[]): Tensor =>
          grad((p: Tensor[]) => loss(p, x, dw))(q)
            .map((g) => g.square().sum())
            .reduce((a, b) => a.add(b));
        return grad(length)(w);
      },
      [x0, noise, ...weights],
    );
  });

  it("in forward derivatives", async () => {
    await compare(
      ([x, dw, v, ...w]) => [jvp((z: Tensor) => simulate(w, z, dw).last, x, v).tangent],
      [x0, noise, pattern([4, 2], 9), ...weights],
    );
  });

  it("with derivatives taken in the body", async () => {
    const score = grad((x: Tensor) => x.square().sum().neg().exp().add(x.sin().sum()));
    const langevin = (x: Tensor, dw: Tensor): Tensor =>
      scan((z: Tensor, e: Tensor) => [z.add(score(z).mul(0.1)).add(e.mul(0.2)), []], x, dw)[0];
    await compare(
      ([x, dw]) => [langevin(x, dw), grad((z: Tensor) => langevin(z, dw).square().sum())(x)],
      [x0, noise],
    );
  });

  it("in a loop within a loop, whose inner body reads both", async () => {
    const nested = (a: Tensor, rows: Tensor): Tensor => {
      const outer = (c: Tensor, row: Tensor): [Tensor, Tensor] => {
        const [sum] = scan(
          (s: Tensor, e: Tensor): [Tensor, Tensor] => [s.mul(a).add(e.mul(c)), s],
          row.sum(),
          row,
        );
        return [c.add(sum.tanh()), sum];
      };
      const [last, sums] = scan(outer, tf.scalar(0.5), rows);
      return last.add(sums.square().sum());
    };
    await compare(
      ([a, rows]) => [nested(a, rows), ...grad(([p, q]: Tensor[]) => nested(p, q))([a, rows])],
      [tf.scalar(0.7), pattern([5, 3], 6)],
    );
  });

  it("over entries that are all the same, over nothing, and with whole numbers carried", async () => {
    await compare(
      ([x]) => [
        scan((c: Tensor, e: Tensor) => [c.mul(0.5).add(e), c], x, tf.zeros([6, 4, 2]))[1],
        scan((c: Tensor, e: Tensor) => [c.mul(0.5).add(e), c], x, tf.ones([6, 1, 1]).tile([1, 4, 2]))[0],
        scan((c: Tensor) => [c.mul(0.5).add(1), c.sum()], x, [], { length: 5 })[1],
        grad((z: Tensor) => scan((c: Tensor) => [c.mul(c), []], z, [], { length: 2 })[0].sum())(x),
      ],
      [x0],
    );
    await compare(
      ([x]) => {
        const [{ i, c }] = scan(
          ({ i, c }: { i: Tensor; c: Tensor }, e: Tensor) => [
            { i: i.add(1).toInt(), c: c.add(e.mul(i.toFloat())) },
            [],
          ],
          { i: tf.scalar(0, "int32"), c: x },
          noise,
        );
        return [i, c];
      },
      [x0],
    );
  });

  it("where results are inputs, outer values or constants", async () => {
    await compare(
      ([x]) => {
        const doubled = x.mul(2);
        const [last, seen] = scan((c: Tensor, e: Tensor) => [e, { c, doubled, one: tf.scalar(1) }], x, noise);
        return [last, seen.c, seen.doubled, seen.one];
      },
      [x0],
    );
  });
});

describe("the program of a scan", () => {
  const gradient = (steps: number) => {
    const started = performance.now();
    const compiled = compile(
      ({ w, x, dw }: { w: Tensor[]; x: Tensor; dw: Tensor }) =>
        grad((p: Tensor[]) => scan((z: Tensor, e: Tensor) => [gelu((z as Tensor2D).matMul(p[0] as Tensor2D)).matMul(p[2] as Tensor2D).add(e), []], x, dw)[0].sum())(w), // prettier-ignore
      { w: weights, x: x0, dw: { shape: [steps, 4, 2] } },
    );
    return { size: compiled.program!.model.byteLength, seconds: (performance.now() - started) / 1000 };
  };

  it("does not grow with the number of steps, adjoint included", () => {
    const [short, long] = [gradient(10), gradient(2000)];
    expect(long.size).toBeLessThan(short.size + 200);
    expect(long.size).toBeLessThan(10_000);
  });

  it("holds no loop for what nobody reads", () => {
    const f = compile(
      ([x, dw]: Tensor[]) => scan((c: Tensor, e: Tensor) => [c.add(e), e.exp().cos()], x, dw)[0],
      [x0, noise],
    );
    const model = Buffer.from(f.program!.model).toString("latin1");
    expect(model).toContain("Scan_");
    expect(model).not.toContain("Cos_");
  });

  it("computes what does not change before the loop", () => {
    const f = compile(
      ([x, dw, w]: Tensor[]) => scan((c: Tensor, e: Tensor) => [c.add(e.mul(w.exp().sum())), []], x, dw)[0],
      [x0, noise, pattern([3], 7)],
    );
    const model = Buffer.from(f.program!.model).toString("latin1");
    expect(model.indexOf("Exp_")).toBeLessThan(model.indexOf("Scan_"));
  });
});

describe("bad input is named", () => {
  const add = (c: Tensor, e: Tensor): [Tensor, Tensor] => [c.add(e), c];
  it.each<[string, () => unknown, RegExp]>([
    [
      "entries of different number",
      () => scan((c: Tensor) => [c, c], x0, { a: noise, b: tf.ones([6]) }),
      /^xs\.b: expected a first axis of length 7, got "shape \[6\]"/,
    ],
    ["a scalar to scan", () => scan(add, x0, tf.scalar(1)), /^xs: expected a first axis/],
    [
      "nothing to scan and no length",
      () => scan((c: Tensor) => [c, c], x0, []),
      /^options\.length: expected a whole number of at least 1/,
    ],
    [
      "a length that is not that of the entries",
      () => scan(add, x0, noise, { length: 3 }),
      /^xs: expected a first axis of length 3/,
    ],
    [
      "a carried tensor that changes shape",
      () => scan((c: Tensor, e: Tensor) => [c.sum(), e], x0, noise),
      /carried tensor 0: expected .*\[4, 2\], as it starts/,
    ],
    [
      "a carried tree that changes",
      () => scan((c: Tensor, e: Tensor) => [[c] as never, e], x0, noise),
      /^body: carry: expected a tree like init/,
    ],
    [
      "a body that returns one thing",
      () => scan((c: Tensor) => c as never, x0, noise),
      /^body: expected a function that returns \[carry, yields\]/,
    ],
    [
      "an unknown option",
      () => scan(add, x0, noise, { revers: true } as ScanOptions),
      /did you mean "reverse"/,
    ],
  ])("%s, eager and compiled", (_, run, message) => {
    expect(run).toThrow(message);
    expect(() => compile(() => run() as Tensor, [])).toThrow(message);
    expect(tf.getBackend()).toBe("cpu");
  });
});

it("leaves no tensors behind", async () => {
  const before = tf.memory().numTensors;
  const f = compile(
    ([x, dw, w]: Tensor[]) =>
      grad((p: Tensor) => scan((c: Tensor, e: Tensor) => [c.mul(p).add(e).tanh(), c], x, dw)[1].sum())(w),
    [{ shape: [4, 2] }, { shape: [7, 4, 2] }, { shape: [2] }],
  );
  await f([new Float32Array(8), new Float32Array(56), new Float32Array(2)]);
  expect(tf.memory().numTensors).toBe(before);
});
