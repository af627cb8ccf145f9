import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Rank, Tensor, Tensor2D } from "@tensorflow/tfjs";
import { describe, expect, it, vi } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { jvp } from "../../src/engine/derivatives/forward.js";
import { laplacian } from "../../src/engine/derivatives/laplacian.js";
import { grad, valueAndGrad } from "../../src/engine/derivatives/reverse.js";
import { gelu } from "../../src/engine/gelu.js";
import { LoadedProgram } from "../../src/engine/loaded-program.js";
import { scan } from "../../src/engine/scan/scan.js";
import { tf as load } from "../../src/engine/tfjs.js";
import { CompileError } from "../../src/engine/trace/refusal.js";
import type { CompileOptions } from "../../src/engine/types.js";
import { outlineModel } from "../../src/onnx/outline.js";
import { derivatives, line } from "./jet.js";
import { derivativesOf, unaryCases } from "./unary-cases.js";

const tf = load();
const close = (a: ArrayLike<number>, b: ArrayLike<number>): void =>
  tf.test_util.expectArraysClose(Array.from(a), Array.from(b), 1e-5);

describe("a compiled function", () => {
  it("takes and returns trees of tensors, or of entries", async () => {
    const f = compile(
      ({ x, by: [scale] }: { x: Tensor; by: Tensor[] }) => ({ sum: x.sum(), pair: [x.mul(scale), x] }),
      {
        x: tf.ones([2, 3]),
        by: [tf.scalar(1)],
      },
    );
    expect(f.mode).toBe("compiled");
    expect(f.outputShapes).toEqual({ ".sum": [], ".pair[0]": [2, 3], ".pair[1]": [2, 3] });
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const tensors = await f({ x, by: [tf.scalar(2)] });
    expect(tensors.pair[0].shape).toEqual([2, 3]);
    close(tensors.pair[0].dataSync(), [2, 4, 6, 8, 10, 12]);
    const arrays = await f({ x: Float64Array.of(1, 2, 3, 4, 5, 6), by: [2] });
    expect(arrays.sum).toEqual(Float32Array.of(21));
    expect(arrays.pair[1]).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it("takes examples as tensors, vectors, numbers, or type and shape", async () => {
    const f = compile(
      ([a, b, c, d]: Tensor[]) => [a.add(b).mul(c), d.toFloat().add(1)],
      [tf.ones([2]), new Float32Array(2), 3, { shape: [2], dtype: "int32" }],
    );
    const [sum, next] = await f([Float32Array.of(1, 2), Float32Array.of(3, 4), 2, Int32Array.of(7, 8)]);
    close(sum, [8, 12]);
    close(next, [8, 9]);
  });

  it("keeps types: int32 and bool in, int32 and bool out", async () => {
    const f = compile(
      ([n, b]: Tensor[]) => [n.add(n), n.greater(tf.scalar(1, "int32")).logicalAnd(b)],
      [tf.tensor1d([1, 2], "int32"), tf.tensor1d([true, true], "bool")],
    );
    const [doubled, both] = await f([tf.tensor1d([1, 2], "int32"), tf.tensor1d([true, true], "bool")]);
    expect([doubled.dtype, both.dtype]).toEqual(["int32", "bool"]);
    expect([...doubled.dataSync(), ...both.dataSync()]).toEqual([2, 4, 0, 1]);
  });

  it("returns inputs, constants, and the same result twice", async () => {
    const constant = tf.tensor1d([5, 6]);
    const f = compile(
      (x: Tensor) => {
        const y = x.square();
        return [x, constant, y, y, tf.zeros([2])];
      },
      tf.ones([2]),
    );
    const results = await f(Float32Array.of(2, 3));
    expect(results.map((r) => [...r])).toEqual([[2, 3], [5, 6], [4, 9], [4, 9], [0, 0]]); // prettier-ignore
  });

  it("works without inputs", async () => {
    const f = compile(() => tf.linspace(0, 1, 3).square(), []);
    close((await f([])).dataSync(), [0, 0.25, 1]);
  });

  it("compiles another program for another shape, once", async () => {
    const fn = vi.fn<(x: Tensor) => Tensor>((x) => x.sum(0));
    const f = compile(fn, tf.ones([2, 3]));
    expect(fn).toHaveBeenCalledTimes(1);
    close((await f(tf.ones([2, 3]))).dataSync(), [2, 2, 2]);
    close((await f(tf.ones([4, 3]))).dataSync(), [4, 4, 4]);
    close((await f(tf.ones([4, 3]))).dataSync(), [4, 4, 4]);
    expect(fn).toHaveBeenCalledTimes(2);
  });

  it("leaves captured tensors where they are, and does not feel later calls of tfjs", async () => {
    const captured = tf.tensor1d([1, 2]);
    const f = compile((x: Tensor) => x.add(captured), tf.ones([2]));
    expect(tf.getBackend()).toBe("cpu");
    close(captured.add(1).dataSync(), [2, 3]);
    captured.dispose();
    close((await f(tf.ones([2]))).dataSync(), [2, 3]);
  });

  it("may be called many times at once", async () => {
    const f = compile((x: Tensor) => x.mul(2), tf.ones([1]));
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => f(Float32Array.of(i))));
    expect(results.map(([y]) => y)).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
  });

  it("does not block the main thread", async () => {
    const f = compile(
      (x: Tensor2D) => {
        let y = x;
        for (let i = 0; i < 40; i++) y = y.matMul(x).mul(1e-3);
        return y;
      },
      tf.ones([512, 512]),
    );
    await f(tf.ones([512, 512]));
    let [turns, done] = [0, false];
    const running = f(tf.ones([512, 512])).finally(() => (done = true));
    for (; !done; turns++) await new Promise((resolve) => setImmediate(resolve));
    await running;
    // 40 products of 512^3 keep the thread busy for 200 ms; a main thread that waits inside of them has a turn or two.
    expect(turns).toBeGreaterThan(20);
  });

  it("writes its program as an ONNX file that runs by itself", async () => {
    const folder = mkdtempSync(join(tmpdir(), "scorebook-dump-"));
    const f = compile((x: Tensor) => x.mul(3), tf.ones([2]));
    await f.dumpModel(join(folder, "model.onnx"));
    const loaded = await LoadedProgram.load({
      ...f.program!,
      model: readFileSync(join(folder, "model.onnx")),
    });
    expect((await loaded.run([Float32Array.of(1, 2)]))[0]).toEqual(Float32Array.of(3, 6));
    await loaded.dispose();
    rmSync(folder, { recursive: true });
  });

  it("leaves no tensors behind: neither tracing nor running, but for results", async () => {
    const w = tf.ones([3, 3]);
    const before = tf.memory().numTensors;
    const f = compile((x: Tensor2D) => grad((y: Tensor2D) => y.matMul(w).tanh().sum())(x), { shape: [3, 3] });
    expect(tf.memory().numTensors).toBe(before);
    const x = tf.ones([3, 3]);
    const y = await f(x as Tensor2D);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([x, y]);
    await f(new Float32Array(9));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("compiled derivatives", () => {
  it.each(unaryCases)("of $name are right to third order", async ({ f, reference, points }) => {
    const orders = derivativesOf(f);
    const compiled = compile(
      (x: Tensor) => orders.map((derivative) => derivative(x)),
      tf.tensor1d([...points]),
    );
    const results = await compiled(Float32Array.from(points));
    const expected = points.map((x) => derivatives(reference(line(Math.fround(x)))));
    results.forEach((values, order) => {
      points.forEach((_, i) => {
        // As for plain tfjs; ONNX Runtime's exp, tanh and erf are good to some 4 units in the last place.
        const bound = 4 * 40 * 2 ** -24 * (1 + Math.max(...expected[i].map(Math.abs)));
        expect(
          Math.abs(values[i] - expected[i][order]),
          `order ${order} at ${points[i]}`,
        ).toBeLessThanOrEqual(bound);
      });
    });
  });

  it("of a net with respect to its weights, through its Laplacian, agree with eager ones", async () => {
    const net = (w: Tensor2D[], x: Tensor2D): Tensor =>
      gelu(gelu(x.matMul(w[0])).matMul(w[1]))
        .tanh()
        .matMul(w[2]);
    const loss = (w: Tensor2D[], x: Tensor2D): Tensor =>
      laplacian((rows) => net(w, rows))(x)
        .sub(1)
        .square()
        .mean();
    const pattern = (m: number, n: number, k: number): Tensor2D =>
      tf
        .linspace(-1, 1, m * n)
        .mul(k)
        .sin()
        .as2D(m, n);
    const weights = [pattern(3, 8, 7), pattern(8, 8, 8), pattern(8, 1, 9)];
    const x = pattern(5, 3, 11);
    const step = compile(
      ({ w, x: rows }: { w: Tensor2D[]; x: Tensor2D }) => valueAndGrad((p: Tensor2D[]) => loss(p, rows))(w),
      { w: weights, x },
    );
    const eager = valueAndGrad((p: Tensor2D[]) => loss(p, x))(weights);
    const { value, gradient } = await step({ w: weights, x });
    close(value.dataSync(), eager.value.dataSync());
    gradient.forEach((g, i) => {
      const scale = eager.gradient[i].abs().max().dataSync()[0];
      close(g.div(scale).dataSync(), eager.gradient[i].div(scale).dataSync());
    });
  });

  it("in forward order leave nothing of the reverse pass in the program", () => {
    const w = tf.ones<Rank.R2>([4, 4]);
    const f = (x: Tensor2D): Tensor => x.matMul(w).tanh().matMul(w);
    const forward = compile(
      ([x, v]: Tensor2D[]) => jvp(f, x, v).tangent,
      [{ shape: [2, 4] }, { shape: [2, 4] }],
    );
    const model = Buffer.from(forward.program!.model).toString("latin1");
    // One product for the value of the first layer and two for the tangent; the reverse pass takes more.
    expect(model.match(/Gemm_v/g)).toHaveLength(3);
    expect(model).not.toContain("MatMul");
  });
});

describe("the products of a layer", () => {
  const rows = 6;
  const layer = ([x, w, b, v]: Tensor2D[]): Tensor =>
    gelu(gelu(x.matMul(w).add(b)).matMul(w).add(b)).matMul(v);
  const shapes = [[rows, 4], [4, 4], [1, 4], [4, 1]]; // prettier-ignore
  const example = shapes.map((shape) => ({ shape }));

  it("take biases and the factors of gelu along, in its derivative too", () => {
    const slope = ([x, ...rest]: Tensor2D[]): Tensor => grad((x: Tensor2D) => layer([x, ...rest]).sum())(x);
    const { nodes, constants } = outlineModel(compile(slope, example).program!.model);
    // Forward two layers with their biases; backward the last layer, whose slope is one row, and two more.
    expect(nodes.filter(({ op }) => op === "Gemm").map(({ inputs }) => inputs.length)).toEqual([
      3, 3, 2, 2, 2,
    ]);
    expect(nodes.filter(({ op }) => op === "Erf")).toHaveLength(2);
    const byNumbers = nodes.filter(
      ({ op, inputs }) => op === "Mul" && inputs.some((name) => name in constants),
    );
    expect(byNumbers).toEqual([]);
  });

  it("give what tfjs gives, also in loops and where a bias has another shape", async () => {
    const values = shapes.map((shape, i) => tf.tensor2d(Array.from({ length: shape[0] * shape[1] }, (_, j) => Math.sin(3 * i + j)), shape as [number, number])); // prettier-ignore
    const column = tf.range(0, rows).reshape([rows, 1]);
    const fn = (inputs: Tensor2D[]): Tensor[] => [
      layer(inputs),
      inputs[0].matMul(inputs[1]).add(column).mul(3),
      scan((c: Tensor) => [gelu((c as Tensor2D).matMul(inputs[1]).add(inputs[2])).mul(0.3), []], inputs[0], [], { length: 5 })[0], // prettier-ignore
      ...grad((all: Tensor2D[]) => layer(all).square().sum())(inputs),
    ];
    const [compiled, eager] = [await compile(fn, example)(values), fn(values)];
    eager.forEach((tensor, i) => close(compiled[i].dataSync(), tensor.dataSync()));
  });
});

describe("refused, by name and with the caller's line", () => {
  const variable = tf.variable(tf.scalar(1), true, "theWeight");
  const cases: [string, (x: Tensor) => unknown, RegExp][] = [
    [
      "an operation without a counterpart",
      (x) => tf.image.cropAndResize(x.as4D(1, 2, 2, 1), [[0, 0, 1, 1]], [0], [2, 2]),
      /the operation CropAndResize cannot/,
    ],
    ["a read of entries", (x) => x.mul(x.dataSync()[0]), /reading a tensor's entries/],
    ["a captured variable", (x) => x.mul(variable), /the captured variable "theWeight"/],
    ["random numbers", (x) => x.add(tf.randomNormal([4])), /the random operation randomNormal/],
    ["a dropout", (x) => tf.dropout(x, 0.5), /the random operation/],
    ["complex numbers", (x) => tf.real(tf.fft(tf.complex(x, x))), /the operation Complex/],
  ];
  it.each(cases)("%s", (_, fn, message) => {
    const error = (() => {
      try {
        compile(fn, tf.ones([4]));
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(CompileError);
    expect((error as CompileError).message).toMatch(message);
    expect((error as CompileError).at).toMatch(/compile\.test\.ts:\d+:\d+$/);
    expect(tf.getBackend()).toBe("cpu");
  });

  it("an async function, and a result that is no tensor", () => {
    expect(() => compile(async (x: Tensor) => Promise.resolve(x), tf.ones([1]))).toThrow(/an async function/);
    expect(() => compile((x: Tensor) => [x, 3], tf.ones([1]))).toThrow(
      /^the result of fn\[1\]: expected a tensor/,
    );
  });

  it("a tensor that has left its function", () => {
    let escaped: Tensor | undefined;
    compile((x: Tensor) => (escaped = x.mul(2)), tf.ones([1]));
    expect(() => escaped!.add(1)).toThrow();
  });
});

describe("bad input is named", () => {
  const f = compile(({ x, n }: { x: Tensor; n: Tensor }) => x.add(n.toFloat()), {
    x: tf.ones([2, 2]),
    n: tf.ones([2], "int32"),
  });
  const n = Int32Array.of(1, 2);
  it.each<[string, unknown, RegExp]>([
    [
      "a missing member",
      { x: new Float32Array(4) },
      /^input: expected a tree like the example: input\.x, input\.n/,
    ],
    [
      "a wrong rank",
      { x: tf.ones([4]), n },
      /^input\.x: expected float32 of shape \[2, 2\], got "float32 of shape \[4\]"/,
    ],
    ["a wrong type", { x: tf.ones([2, 2], "int32"), n }, /^input\.x: expected float32 .* got "int32/],
    [
      "a wrong length",
      { x: new Float32Array(3), n },
      /^input\.x: expected 4 entries of float32 of shape \[2, 2\], got Float32Array\(3\)/,
    ],
    [
      "a wrong kind of array",
      { x: new Float32Array(4), n: new Float32Array(2) },
      /^input\.n: expected 2 entries of int32/,
    ],
    ["an array that is none of those", { x: new BigInt64Array(4), n }, /^input\.x: expected a Float32Array/],
    [
      "something else",
      { x: "text", n },
      /^input\.x: expected a tensor, a typed array or a number, got "text"/,
    ],
  ])("%s", async (_, input, message) => {
    await expect(f(input as never)).rejects.toThrow(message);
  });

  it("in examples, options and functions", () => {
    const id = (x: Tensor): Tensor => x;
    expect(() => compile(id, { shape: [-1, 2] } as never)).toThrow(/^example\.shape: expected whole numbers/);
    expect(() => compile(id, tf.tensor(["a"]))).toThrow(
      /^example: expected a tensor of type float32, int32 or bool/,
    );
    expect(() => compile(id, tf.ones([1]), { fallbak: "eager" } as CompileOptions)).toThrow(
      /did you mean "fallback"/,
    );
    expect(() => compile(id, tf.ones([1]), { fallback: "eagr" as "eager" })).toThrow(/did you mean "eager"/);
    expect(() => compile(3 as never, tf.ones([1]))).toThrow(/^fn: expected a function/);
    expect(() => compile(((a: Tensor, b: Tensor) => a.add(b)) as never, tf.ones([1]))).toThrow(
      /write \(\[a, b\]\)/,
    );
  });
});

describe('the fallback "eager"', () => {
  const fn = (x: Tensor): Tensor => tf.image.cropAndResize(x.as4D(1, 2, 2, 1), [[0, 0, 1, 1]], [0], [2, 2]);

  it("runs what cannot be compiled on tfjs, where it is asked for", async () => {
    const f = compile(fn, tf.ones([4]), { fallback: "eager" });
    expect(f.mode).toBe("eager");
    expect(await f(Float32Array.of(1, 2, 3, 4))).toEqual(Float32Array.of(1, 2, 3, 4));
    const before = tf.memory().numTensors;
    const y = await f(tf.tidy(() => tf.keep(tf.tensor1d([1, 2, 3, 4]))));
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect(tf.memory().numTensors).toBe(before + 2);
    await expect(f.dumpModel("never")).rejects.toThrow(/runs eagerly/);
  });

  it("changes nothing for what can be compiled, nor for other errors", () => {
    expect(compile((x: Tensor) => x.add(1), tf.ones([4]), { fallback: "eager" }).mode).toBe("compiled");
    expect(() => compile((x: Tensor) => x.reshape([3]), tf.ones([4]), { fallback: "eager" })).toThrow(
      /reshape|Size/,
    );
  });
});
