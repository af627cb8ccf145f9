import type { Tensor } from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { createHash } from "node:crypto";
import { compile, tf, valueAndGrad, type Program } from "../../src/engine/index.js";
import { mlp, views } from "../../src/nets/index.js";
import { GraphBuilder } from "../../src/onnx/index.js";
import { key, normal } from "../../src/random/index.js";
import { team } from "../../src/train/shard/team.js";
import type { BenchRow } from "../harness.js";

const SIZES = [10, 64, 64, 64, 10];
const CALLS = 50;
const net = mlp({ sizes: SIZES });
const start = net.init(key(1));
const multiplications = SIZES.slice(1).reduce((sum, width, layer) => sum + width * SIZES[layer], 0);

type Inputs = Readonly<Record<"params" | "x" | "y", Tensor>>;

const lossAndGradient = ({ params, x, y }: Inputs): readonly Tensor[] => {
  const { value, gradient } = valueAndGrad((p: Tensor) => net.apply(p, x).sub(y).square().mean())(params);
  return [value, gradient];
};

/** Loss and gradient of a perceptron with exact GELU: ours, the best graph by hand in the same threads, and peers. */
export function perceptronRow(rows: number): BenchRow {
  const example = {
    params: { shape: [start.length] },
    x: { shape: [rows / 2, 10] },
    y: { shape: [rows / 2, 10] },
  };
  const traced = compile(lossAndGradient, example).program as Program;
  const args = { batch: rows, calls: CALLS };
  return {
    id: `engine/perceptron-${rows}`,
    work: `${CALLS} losses and gradients of a 10-64-64-64-10 net, exact GELU, ${rows} rows`,
    ours: inTwoThreads(traced, rows),
    here: { hand: inTwoThreads(byHand(rows / 2), rows), "tfjs-wasm": eagerly(rows) },
    peers: {
      torch: { module: "torch_engine", name: "perceptron", args },
      jax: { module: "jax_engine", name: "perceptron", args },
    },
    units: { count: 6 * multiplications * rows * CALLS, name: "flops" },
  };
}

/** The program on both halves of the rows, and the mean of what they give. */
function inTwoThreads(program: Program, rows: number): () => Promise<void> {
  const half = {
    x: { length: 5 * rows },
    y: { length: 5 * rows },
    loss: { length: 1 },
    gradient: { length: start.length },
  };
  const step = { program, inputs: ["params", "x", "y"], outputs: ["loss", "gradient"] };
  const shard = { buffers: half, calls: { step } };
  const group = team({ shards: [shard, shard], common: { params: { length: start.length } } });
  group.common("params").set(start);
  for (const s of [0, 1]) for (const name of ["x", "y"]) group.view(s, name).set(normal(key(s), 5 * rows));
  const [a, b] = [group.view(0, "gradient"), group.view(1, "gradient")];
  const mean = new Float32Array(start.length);
  return async () => {
    for (let call = 0; call < CALLS; call++) {
      await group.run("step");
      for (let i = 0; i < mean.length; i++) mean[i] = (a[i] + b[i]) / 2;
    }
  };
}

/** tfjs's own fast backend for machines without a GPU, in this thread. */
function eagerly(rows: number): () => Promise<void> {
  return async () => {
    await tf().setBackend("wasm");
    const [params, x, y] = [tf().tensor1d(start), ...[0, 1].map((s) => tf().tensor2d(Float32Array.from(normal(key(s), 10 * rows)), [rows, 10]))]; // prettier-ignore
    for (let call = 0; call < CALLS; call++) {
      const results = tf().tidy(() => lossAndGradient({ params, x, y }) as Tensor[]);
      for (const result of results) await result.data();
      tf().dispose(results);
    }
    tf().dispose([params, x, y]);
    await tf().setBackend("cpu");
  };
}

/**
 * The same graph as one would write it: with s = z / sqrt 2, A(s) = s (1 + erf s) and A'(s) = 1 + erf s + s exp(k - s^2), all
 * factors in the products' own alpha and beta.
 */
function byHand(rows: number): Program {
  const g = new GraphBuilder();
  const n = (op: string, inputs: string[], attributes = {}): string => g.node(op, inputs, attributes);
  const gemm = (inputs: string[], alpha: number, beta = 1, transA = 0, transB = 0): string =>
    n("Gemm", inputs, { alpha: { float: alpha }, beta: { float: beta }, transA, transB });
  const number = (value: number): string => g.constant(Float32Array.of(value), []);
  const shapes = Object.values(views(net.spec, start)).map(({ shape }) => [...shape]);
  const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b));
  g.input("params", "float32", [start.length]);
  for (const name of ["x", "y"]) g.input(name, "float32", [rows, 10]);
  const parts = g.nodeWithOutputs("Split", ["params", g.integers(sizes)], sizes.length, { axis: 0 });
  const weights = parts
    .filter((_, i) => i % 2 === 0)
    .map((part, l) => n("Reshape", [part, g.integers(shapes[2 * l])]));
  const biases = parts.filter((_, i) => i % 2 === 1);
  const [one, logSlope, root] = [number(1), number(Math.log(2 / Math.sqrt(Math.PI))), Math.SQRT1_2];
  // Forward: a layer's input is A, the activation but for its factor 1 / sqrt 2.
  const layers: { input: string; s: string; q: string }[] = [];
  let input = "x";
  for (let l = 0; l < 3; l++) {
    const s = gemm([input, weights[l], biases[l]], l === 0 ? root : root * root, root);
    const q = n("Add", [n("Erf", [s]), one]);
    layers.push({ input, s, q });
    input = n("Mul", [s, q]);
  }
  const error = n("Sub", [gemm([input, weights[3], biases[3]], root), "y"]);
  const loss = n("ReduceMean", [n("Mul", [error, error])], { keepdims: 0 });
  // Backward: `d` is the slope of the loss along a layer's result, but for the factor `scale`.
  const scale = 2 / (10 * rows);
  let d = error;
  const axes = g.integers([0]);
  const gradients: string[] = [];
  const put = (h: string, factor: number, layer: number): void => {
    const flat = n("Reshape", [gemm([h, d], factor * scale, 1, 1), g.integers([sizes[2 * layer]])]);
    gradients.unshift(flat, n("Mul", [n("ReduceSum", [d, axes], { keepdims: 0 }), number(scale)]));
  };
  put(input, root, 3);
  for (let l = 2; l >= 0; l--) {
    const { input: h, s, q } = layers[l];
    const bell = n("Exp", [n("Sub", [logSlope, n("Mul", [s, s])])]);
    const slope = n("Add", [q, n("Mul", [s, bell])]);
    d = n("Mul", [gemm([d, weights[l + 1]], 0.5, 1, 0, 1), slope]);
    put(h, l === 0 ? 1 : root, l);
  }
  g.output("loss", loss, "float32", []);
  g.output("gradient", n("Concat", gradients, { axis: 0 }), "float32", [start.length]);
  const model = g.model();
  const float = (name: string, shape: number[]) => ({ name, type: "float32" as const, shape });
  return {
    model,
    hash: createHash("sha256").update(model).digest("hex"),
    inputs: [float("params", [start.length]), float("x", [rows, 10]), float("y", [rows, 10])],
    outputs: [float("loss", []), float("gradient", [start.length])],
  };
}
