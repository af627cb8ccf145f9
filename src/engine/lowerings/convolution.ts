import { add } from "../ir/algebra.js";
import { transpose } from "../ir/layout.js";
import { operand } from "../ir/materialise.js";
import { slice } from "../ir/pieces.js";
import type { Scope } from "../ir/scope.js";
import type { Value } from "../ir/value.js";
import type { TensorFlow } from "../tfjs.js";
import { refuse } from "../trace/refusal.js";
import { activate } from "./products.js";
import type { Lowerings } from "./lowering.js";

type Four = [number, number, number, number];
type Info = ReturnType<TensorFlow["backend_util"]["computeConv2DInfo"]>;

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** tfjs keeps channels last, ONNX first: filters [h, w, in, out] become [out, in, h, w]. */
const FIRST = [0, 3, 1, 2];
const LAST = [0, 2, 3, 1];
const FILTER = [3, 2, 0, 1];

/** Two-dimensional convolution and its two adjoints. */
export const convolution: Lowerings = {
  Conv2D: (s, { x, filter }, a: Attributes, tf) => convolve(s, x, filter, info(tf, x.shape, filter.shape, a)),
  Conv2DBackpropFilter: (s, { x, dy }, a: Attributes & { filterShape: Four }, tf) =>
    filterAdjoint(s, x, dy, info(tf, x.shape, a.filterShape, a)),
  Conv2DBackpropInput: (s, { dy, filter }, a: Attributes & { inputShape: Four }, tf) =>
    inputAdjoint(s, dy, filter, info(tf, a.inputShape, filter.shape, a)),
  FusedConv2D: (
    s,
    { x, filter, bias },
    a: Attributes & { activation?: string; leakyreluAlpha?: number },
    tf,
  ) => {
    const plain = convolve(s, x, filter, info(tf, x.shape, filter.shape, a));
    const biased = bias === undefined ? plain : add(s, plain, bias);
    return activate(s, biased, a.activation ?? "linear", a.leakyreluAlpha ?? 0);
  },
};

function info(tf: TensorFlow, input: readonly number[], filter: readonly number[], a: Attributes): Info {
  if (a.dataFormat === "NCHW") refuse('Conv2D with dataFormat "NCHW"', 'use "NHWC"');
  return tf.backend_util.computeConv2DInfo(
    input as Four,
    filter as Four,
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
  );
}

function padding({ padInfo }: Info): number[] {
  return [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right];
}

function convolve(scope: Scope, x: Value, filter: Value, i: Info): Value {
  const operands = [
    operand(scope, transpose(scope, x, FIRST)),
    operand(scope, transpose(scope, filter, FILTER)),
  ];
  const y = scope.emit("Conv", operands, "float32", [i.batchSize, i.outChannels, i.outHeight, i.outWidth], {
    strides: [i.strideHeight, i.strideWidth],
    dilations: [i.dilationHeight, i.dilationWidth],
    pads: padding(i),
  });
  return transpose(scope, y, LAST);
}

function inputAdjoint(scope: Scope, dy: Value, filter: Value, i: Info): Value {
  const missing = (size: number, out: number, stride: number, extent: number, pads: number): number =>
    size - ((out - 1) * stride + extent - pads);
  const { top, bottom, left, right } = i.padInfo;
  const operands = [
    operand(scope, transpose(scope, dy, FIRST)),
    operand(scope, transpose(scope, filter, FILTER)),
  ];
  const x = scope.emit(
    "ConvTranspose",
    operands,
    "float32",
    [i.batchSize, i.inChannels, i.inHeight, i.inWidth],
    {
      strides: [i.strideHeight, i.strideWidth],
      pads: padding(i),
      output_padding: [
        missing(i.inHeight, i.outHeight, i.strideHeight, i.filterHeight, top + bottom),
        missing(i.inWidth, i.outWidth, i.strideWidth, i.filterWidth, left + right),
      ],
    },
  );
  return transpose(scope, x, LAST);
}

/** dw[in, out] = sum over the batch of x correlated with dy, whose entries lie a stride apart. */
function filterAdjoint(scope: Scope, x: Value, dy: Value, i: Info): Value {
  const { top, bottom, left, right } = i.padInfo;
  const extent = (size: number, out: number, stride: number, pads: number): number =>
    size + pads - (out - 1) * stride;
  const height = extent(i.inHeight, i.outHeight, i.strideHeight, top + bottom);
  const width = extent(i.inWidth, i.outWidth, i.strideWidth, left + right);
  const channels = [3, 0, 1, 2];
  const operands = [
    operand(scope, transpose(scope, x, channels)),
    operand(scope, transpose(scope, dy, channels)),
  ];
  const full = scope.emit("Conv", operands, "float32", [i.inChannels, i.outChannels, height, width], {
    strides: [1, 1],
    dilations: [i.strideHeight, i.strideWidth],
    pads: padding(i),
  });
  const dw = slice(scope, full, [0, 0, 0, 0], [i.inChannels, i.outChannels, i.filterHeight, i.filterWidth]);
  return transpose(scope, dw, [2, 3, 0, 1]);
}
