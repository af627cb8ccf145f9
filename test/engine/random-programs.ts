import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { gelu } from "../../src/engine/gelu.js";
import { scan } from "../../src/engine/scan/scan.js";
import { tf as load } from "../../src/engine/tfjs.js";

const tf = load();

/** Whole numbers below n, the same for the same seed: a linear congruential generator, high bits used. */
export function dice(seed: number): (n: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

type Dice = (n: number) => number;
type Unary = (x: Tensor, roll: Dice) => Tensor;
type Binary = (a: Tensor, b: Tensor, roll: Dice) => Tensor;

const pick = <T>(roll: Dice, list: readonly T[]): T => list[roll(list.length)];
const anyAxis = (x: Tensor, roll: Dice): number => roll(x.rank);
const positive = (x: Tensor): Tensor => x.abs().add(0.5);
const bounded = (x: Tensor): Tensor => x.tanh().mul(0.9);
const permutation = (x: Tensor, roll: Dice): number[] => {
  const axes = x.shape.map((_, i) => i);
  for (let i = axes.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [axes[i], axes[j]] = [axes[j], axes[i]];
  }
  return axes;
};
const indices = (x: Tensor, axis: number, roll: Dice, count = 3): Tensor =>
  tf.tensor1d(
    Array.from({ length: count }, () => roll(x.shape[axis])),
    "int32",
  );

/** Functions that are smooth where they are used, on any tensor. */
const smooth: Record<string, Unary> = {
  acos: (x) => bounded(x).acos(),
  acosh: (x) => positive(x).add(1).acosh(),
  asin: (x) => bounded(x).asin(),
  asinh: (x) => x.asinh(),
  atan: (x) => x.atan(),
  atanh: (x) => bounded(x).atanh(),
  cos: (x) => x.cos(),
  cosh: (x) => bounded(x).cosh(),
  cumprod: (x, roll) => tf.cumprod(x.cos(), anyAxis(x, roll), roll(2) === 0, roll(2) === 0),
  cumsum: (x, roll) => tf.cumsum(x, anyAxis(x, roll), roll(2) === 0, roll(2) === 0),
  elu: (x) => x.elu(),
  erf: (x) => x.erf(),
  exp: (x) => bounded(x).exp(),
  expm1: (x) => bounded(x).expm1(),
  expandDims: (x, roll) => (x.rank < 4 ? x.expandDims(roll(x.rank + 1)) : x),
  gelu: (x) => gelu(x),
  log: (x) => positive(x).log(),
  log1p: (x) => positive(x).log1p(),
  logSigmoid: (x) => x.logSigmoid(),
  logSoftmax: (x) => x.logSoftmax(),
  logSumExp: (x, roll) => x.logSumExp(anyAxis(x, roll), true),
  mean: (x, roll) => x.mean(anyAxis(x, roll), roll(2) === 0),
  meanAll: (x) => x.mean(),
  moments: (x, roll) => {
    const m = tf.moments(x, anyAxis(x, roll), true);
    return x.sub(m.mean).div(m.variance.add(0.1).sqrt());
  },
  neg: (x) => x.neg(),
  norm: (x, roll) => x.add(3).norm("euclidean", anyAxis(x, roll), true),
  pad: (x, roll) =>
    x.pad(
      x.shape.map((): [number, number] => [roll(2), roll(2)]),
      roll(3),
    ),
  pow2: (x) => x.pow(2),
  pow3: (x) => bounded(x).pow(3),
  powReal: (x) => positive(x).pow(1.7),
  powHalf: (x) => positive(x).pow(0.5).add(positive(x).pow(-0.5)).add(positive(x).pow(-1)),
  prod: (x, roll) => x.cos().prod(anyAxis(x, roll), roll(2) === 0),
  reciprocal: (x) => positive(x).reciprocal(),
  reshape: (x, roll) => x.reshape(roll(2) === 0 ? [-1] : [x.shape[0], -1, 1]),
  reverse: (x, roll) => x.reverse(anyAxis(x, roll)),
  rsqrt: (x) => positive(x).rsqrt(),
  scale: (x, roll) => x.mul([2, -1, 0.5, 0][roll(4)]).add([0, 1, -0.3][roll(3)]),
  selu: (x) => x.selu(),
  sigmoid: (x) => x.sigmoid(),
  sin: (x) => x.sin(),
  sinh: (x) => bounded(x).sinh(),
  slice: (x, roll) => {
    const begin = x.shape.map((n) => roll(n));
    return x.slice(
      begin,
      x.shape.map((n, i) => 1 + roll(n - begin[i])),
    );
  },
  softmax: (x) => x.softmax(),
  softplus: (x) => x.softplus(),
  split: (x, roll) => {
    const axis = anyAxis(x, roll);
    return tf.addN(x.split(x.shape[axis], axis).map((piece, i) => piece.mul(i + 1)));
  },
  splitUneven: (x, roll) => {
    const axis = anyAxis(x, roll);
    const n = x.shape[axis];
    return n < 2 ? x : tf.concat(x.split([1, n - 1], axis).reverse(), axis);
  },
  sqrt: (x) => positive(x).sqrt(),
  square: (x) => x.square(),
  squeeze: (x) => x.squeeze(),
  stridedSlice: (x, roll) => {
    const axis = anyAxis(x, roll);
    const back = roll(2) === 0;
    return x.stridedSlice(
      x.shape.map((n, i) => (i === axis && back ? n - 1 : 0)),
      x.shape.map((n, i) => (i === axis && back ? -n - 1 : n)),
      x.shape.map((_, i) => (i === axis ? (back ? -2 : 2) : 1)),
    );
  },
  sum: (x, roll) => x.sum(anyAxis(x, roll), roll(2) === 0),
  sumAll: (x) => x.sum(),
  tan: (x) => bounded(x).tan(),
  tanh: (x) => x.tanh(),
  tile: (x, roll) => x.tile(x.shape.map(() => 1 + roll(2))),
  transpose: (x, roll) => x.transpose(permutation(x, roll)),
  unstack: (x, roll) => {
    const parts = x.unstack(anyAxis(x, roll));
    return parts[roll(parts.length)].mul(parts[0]);
  },
  gather: (x, roll) => {
    const axis = anyAxis(x, roll);
    return x.gather(indices(x, axis, roll), axis);
  },
  gatherND: (x, roll) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        Array.from({ length: 3 }, () => [roll(x.shape[0])]),
        [3, 1],
        "int32",
      ),
    ),
  scan: (x, roll) => {
    const body = (c: Tensor, e: Tensor): [Tensor, Tensor] => [
      c.mul(0.5).add(e).tanh(),
      c.sin().add(x.mean()),
    ];
    return scan(body, x.unstack()[0], x, { reverse: roll(2) === 0 })[1];
  },
  scatterND: (x, roll) =>
    tf.scatterND(
      tf.tensor2d(
        x.shape[0] > 0 ? Array.from({ length: x.shape[0] }, () => [roll(5)]) : [[0]],
        [x.shape[0], 1],
        "int32",
      ),
      x,
      [5, ...x.shape.slice(1)],
    ),
  segmentSum: (x, roll) =>
    tf.unsortedSegmentSum(
      x,
      tf.tensor1d(
        Array.from({ length: x.shape[0] }, () => roll(4) - 1),
        "int32",
      ),
      3,
    ),
  matMulSelf: (x) => {
    const m = x.reshape([x.shape[0], -1]);
    return m.matMul(m, true, false).div(x.shape[0]);
  },
  fusedMatMul: (x, roll) => {
    const m = x.reshape([x.shape[0], -1]);
    return tf.fused
      .matMul({
        a: m,
        b: m,
        transposeB: true,
        bias: tf.ones([x.shape[0]]),
        activation: pick(roll, ["linear", "linear", "elu", "sigmoid"] as const),
      })
      .div(8);
  },
  conv: (x, roll) => {
    const [h, w] = [Math.min(x.size, 4), Math.max(1, Math.floor(x.size / 4))];
    const image = x
      .flatten()
      .slice(0, h * w)
      .reshape([1, h, w, 1])
      .tile([2, 2, 3, 2]);
    const filter = tf.linspace(-1, 1, 24).reshape([2, 2, 2, 3]);
    return tf.conv2d(
      image as Tensor4D,
      filter as Tensor4D,
      1 + roll(2),
      pick(roll, ["same", "valid"] as const),
    );
  },
  convFilter: (x, roll) => {
    const filter = x.flatten().slice(0, 1).tile([8]).mul(tf.range(1, 9)).reshape([2, 2, 2, 1]).div(8);
    const image = tf.linspace(-1, 1, 40).reshape([1, 5, 4, 2]);
    return tf.conv2d(
      image as Tensor4D,
      filter as Tensor4D,
      1 + roll(2),
      pick(roll, ["same", "valid"] as const),
    );
  },
  fusedConv: (x, roll) => {
    const filter = x.flatten().slice(0, 1).tile([8]).reshape([2, 2, 2, 1]);
    const image = tf.linspace(-1, 1, 40).reshape([1, 5, 4, 2]);
    return tf.fused.conv2d({
      x: image as Tensor4D,
      filter: filter as Tensor4D,
      strides: 1,
      pad: "same",
      bias: tf.ones([1]),
      activation: pick(roll, ["linear", "sigmoid"] as const),
    });
  },
  customGradient: (x) =>
    tf.customGrad((z, save) => {
      (save as (t: Tensor[]) => void)([z as Tensor]);
      return {
        value: (z as Tensor).square(),
        gradFunc: (dy: Tensor, [saved]: Tensor[]) => dy.mul(saved).mul(5),
      };
    })(x),
  second: (x) => tf.grad((z: Tensor) => z.tanh().mul(z).sum())(x),
  filled: (x) => x.mul(tf.fill(x.shape, 1.5)).add(tf.zerosLike(x)).mul(tf.onesLike(x)),
  toIntAndBack: (x) => x.mul(tf.onesLike(x).toInt().toFloat()),
  crossEntropy: (x) => tf.losses.softmaxCrossEntropy(tf.onesLike(x), x).add(x),
};

/** Functions with kinks or jumps: only on inputs, whose entries are the same everywhere. */
const kinked: Record<string, Unary> = {
  abs: (x) => x.abs(),
  all: (x, roll) => x.greater(-1).all(anyAxis(x, roll), true).toFloat().mul(x),
  any: (x, roll) => x.greater(1).any(anyAxis(x, roll), true).toFloat().mul(x),
  argMax: (x, roll) => x.argMax(anyAxis(x, roll)).toFloat(),
  argMin: (x, roll) => x.argMin(anyAxis(x, roll)).toFloat(),
  ceil: (x) => x.ceil(),
  clip: (x) => x.clipByValue(-0.5, 0.8),
  floor: (x) => x.floor(),
  isFinite: (x) => x.isFinite().toFloat().add(x.isInf().toFloat()).add(x.isNaN().toFloat()),
  leakyRelu: (x) => x.leakyRelu(0.1),
  max: (x, roll) => x.max(anyAxis(x, roll), roll(2) === 0),
  min: (x, roll) => x.min(anyAxis(x, roll), roll(2) === 0),
  oneHot: (x) => tf.oneHot(x.abs().mul(2).floor().toInt().flatten(), 4).toFloat(),
  prelu: (x) => x.prelu(tf.scalar(0.2)),
  relu: (x) => x.relu(),
  relu6: (x) => x.mul(5).relu6(),
  round: (x) => x.mul(3).round(),
  sign: (x) => x.sign(),
  step: (x) => x.step(0.3),
  topK: (x) => {
    const { values, indices: places } = tf.topk(x, x.shape[x.rank - 1]);
    return values.mul(places.toFloat().add(1));
  },
  whole: (x, roll) => {
    const [n, m] = [x.mul(4).toInt(), x.mul(3).toInt().abs().add(tf.scalar(1, "int32"))];
    const results: (() => Tensor)[] = [
      () => n.add(m).mul(m).sub(n),
      () => tf.mod(n, m),
      () => tf.floorDiv(n, m),
      () => tf.mod(n, tf.scalar(3, "int32")),
      () => tf.maximum(n, m).neg(),
      () => tf.where(n.greater(m), n, m),
      () => n.sum(0),
      () => n.max(0),
      () => n.prod(0),
      () => tf.pow(m, tf.scalar(2, "int32")),
      () => n.cumsum(0),
      () => n.squaredDifference(m),
      () => n.transpose().reshape([-1]).slice(0, 1).tile([3]),
      () => tf.concat([n, m]).pad(n.shape.map((): [number, number] => [1, 0])),
      () => n.equal(m).toInt().add(n.square()),
      () => tf.range(0, x.shape[0], 1, "int32").gather(n.flatten().abs().minimum(tf.scalar(0, "int32"))),
    ];
    return pick(roll, results)().toFloat();
  },
  toBool: (x) => x.toBool().logicalNot().toFloat(),
};

const together: Record<string, Binary> = {
  add: (a, b) => a.add(b),
  addN: (a, b) => {
    const s = a.add(b);
    return tf.addN([s, s.sin(), s]);
  },
  atan2: (a, b) => tf.atan2(a, positive(b)),
  concat: (a, b, roll) => {
    const [p, q] = [a.add(b), a.mul(b)];
    return tf.concat([p, q], anyAxis(p, roll));
  },
  div: (a, b) => a.div(positive(b)),
  einsum: (a, b, roll) => {
    const s = a.add(b).flatten().slice(0, 1).tile([6]).mul(tf.range(1, 7)).div(6);
    const [p, q] = [s.reshape([2, 3]), s.sin().reshape([3, 2])];
    return roll(2) === 0 ? tf.einsum("ij,jk->ik", p, q) : tf.einsum("ij,ji->i", p, q);
  },
  linspace: (a, b) =>
    a
      .add(b)
      .sum()
      .mul(tf.linspace(0, 1, 3))
      .add(tf.range(0, 3)),
  matMul: (a, b, roll) => {
    const s = a.add(b);
    const m = s.reshape([s.shape[0], -1]);
    const n = m.shape[1]!;
    const weights = tf.linspace(-1, 1, n * 3);
    return roll(2) === 0 ? m.matMul(weights.reshape([n, 3])) : m.matMul(weights.reshape([3, n]), false, true);
  },
  batched: (a, b, roll) => {
    const s = a.add(b).flatten().slice(0, 1).tile([12]).mul(tf.range(1, 13)).div(12);
    const [p, q] = [s.reshape([2, 2, 3]), s.sin().reshape([2, 3, 2])];
    return pick(roll, [
      () => tf.matMul(p, q),
      () => tf.matMul(p, p, true),
      () => tf.matMul(p, p, false, true),
      () => tf.matMul(p, q, true, true),
      () => tf.matMul(p, q.slice([0, 0, 0], [1, 3, 2])),
      () => tf.matMul(p.slice(0, 1), q),
    ])();
  },
  mul: (a, b) => a.mul(b),
  pow: (a, b) => tf.pow(positive(a), bounded(b)),
  squaredDifference: (a, b) => tf.squaredDifference(a, b),
  stack: (a, b, roll) => {
    const [p, q] = [a.add(b), a.sub(b)];
    return p.rank < 4 ? tf.stack([p, q], roll(p.rank + 1)) : p;
  },
  sub: (a, b) => a.sub(b),
};

const choices: Record<string, Binary> = {
  compare: (a, b) =>
    a
      .less(b)
      .toFloat()
      .add(a.lessEqual(b).toFloat())
      .add(a.greaterEqual(b).toFloat())
      .add(a.equal(b).toFloat()),
  floorDiv: (a, b) => tf.floorDiv(a, b).toFloat(),
  logic: (a, b) => a.greater(0).logicalAnd(b.notEqual(0)).logicalOr(a.less(b)).toFloat(),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
  mod: (a, b) => tf.mod(a, b),
  where: (a, b) => tf.where(a.greater(b), a.mul(2), b.sub(a)),
  whereBool: (a, b) => tf.where(a.greater(b), a.greater(0), b.less(0)).toFloat(),
};

/** A program: a function of its inputs, the same for the same seed. */
export interface RandomProgram {
  readonly inputs: Tensor[];
  readonly names: readonly string[];
  run(inputs: Tensor[], noteSize?: (x: Tensor) => void): Tensor[];
}

/** Numbers in [-2, 2) away from whole and half numbers, where rounding and comparing jump. */
function entries(count: number, roll: Dice): number[] {
  return Array.from({ length: count }, () => (roll(400) - 200) / 100 + 0.0031);
}

const KINDS = { smooth, kinked, together, choices };
type Kind = keyof typeof KINDS;

interface Step {
  readonly kind: Kind;
  readonly name: string;
  readonly seed: number;
}

function randomInputs(roll: Dice): Tensor[] {
  const rank = 1 + roll(3);
  const full = Array.from({ length: rank }, () => 1 + roll(4));
  const shape = (): number[] =>
    full.map((n) => (roll(4) === 0 ? 1 : n)).slice(roll(5) === 0 ? Math.min(1, rank - 1) : 0);
  return [full, shape(), shape()].map((s) => tf.tensor(entries(tf.util.sizeFromShape(s), roll), s));
}

/** A program of some seven operations on three inputs of shapes that broadcast. */
export function randomProgram(seed: number): RandomProgram {
  const roll = dice(seed);
  const inputs = randomInputs(roll);
  const plan = Array.from({ length: 4 + roll(6) }, () => {
    const kind = pick<Kind>(roll, [
      "smooth",
      "smooth",
      "smooth",
      "kinked",
      "together",
      "together",
      "choices",
    ]);
    return { kind, name: pick(roll, Object.keys(KINDS[kind])), seed: roll(1 << 30) };
  });
  return planned(inputs, plan);
}

/** A program of one operation. */
export function singleOperation(name: string, seed: number): RandomProgram {
  const roll = dice(1000 + seed);
  const kind = (Object.keys(KINDS) as Kind[]).find((candidate) => name in KINDS[candidate])!;
  return planned(randomInputs(roll), [{ kind, name, seed: roll(1 << 30) }]);
}

function planned(inputs: Tensor[], plan: readonly Step[]): RandomProgram {
  return {
    inputs,
    names: plan.map(({ name }) => name),
    run: (given, noteSize = () => undefined) => {
      const derived: Tensor[] = [];
      for (const { kind, name, seed } of plan) {
        const local = dice(seed);
        const recent = (): Tensor => pick(local, [...derived.slice(-3), ...given]);
        derived.push(apply(kind, name, recent, () => pick(local, given), local));
        noteSize(derived[derived.length - 1]);
      }
      return derived.slice(-3);
    },
  };
}

function apply(kind: Kind, name: string, recent: () => Tensor, input: () => Tensor, roll: Dice): Tensor {
  if (kind === "smooth") return smooth[name](atLeastVector(recent()), roll);
  if (kind === "kinked") return kinked[name](input(), roll);
  if (kind === "choices") return choices[name](input(), input(), roll);
  const a = recent();
  const b = recent();
  return together[name](...fitting(a, b), roll);
}

function atLeastVector(x: Tensor): Tensor {
  return x.rank === 0 ? x.reshape([1]) : x;
}

/** Two tensors that broadcast: the second one summed to a scalar where it does not fit the first. */
function fitting(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const [p, q] = [atLeastVector(a), atLeastVector(b)];
  const rank = Math.max(p.rank, q.rank);
  const fits = Array.from({ length: rank }, (_, i) => [p.shape.at(i - rank) ?? 1, q.shape.at(i - rank) ?? 1]);
  return fits.every(([m, n]) => m === n || m === 1 || n === 1) && rank <= 4 ? [p, q] : [p, q.mean()];
}

/** Outputs, and gradients of a weighted sum of them with respect to every input. */
export function withGradients(program: RandomProgram, inputs: Tensor[]): Tensor[] {
  const outputs = program.run(inputs);
  const total = (...given: Tensor[]): Tensor =>
    program
      .run(given)
      .map((y, i) =>
        y
          .mul(0.3)
          .add(0.7 + i)
          .mul(y)
          .mean(),
      )
      .reduce((sum, term) => sum.add(term));
  return [...outputs, ...tf.grads(total)(inputs)];
}

/** Names of all operations that programs are made of. */
export const operationNames: readonly string[] = [smooth, kinked, together, choices].flatMap(Object.keys);
