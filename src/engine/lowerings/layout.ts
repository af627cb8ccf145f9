import { cast, reshape, transpose } from "../ir/layout.js";
import { concatenate, pad, slice, split, strided, tile } from "../ir/pieces.js";
import { normalAxes, normalAxis } from "../ir/shapes.js";
import { sizeOf } from "../../onnx/graph.js";
import type { ValueType } from "../ir/value.js";
import type { Lowerings } from "./lowering.js";

interface StridedSliceAttributes {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Operations that move entries about, and conversions of type. */
export const layout: Lowerings = {
  Cast: (s, { x }, a: { dtype: ValueType }) => cast(s, x, a.dtype),
  Concat: (s, inputs, a: { axis: number }) => {
    const values = Object.values(inputs);
    return concatenate(s, values, normalAxis(a.axis, values[0].shape.length));
  },
  ExpandDims: (_, { input }, a: { dim: number }) => {
    const shape = [...input.shape];
    shape.splice(normalAxis(a.dim, shape.length + 1), 0, 1);
    return reshape(input, shape);
  },
  Pack: (s, inputs, a: { axis: number }) => {
    const values = Object.values(inputs);
    const axis = normalAxis(a.axis, values[0].shape.length + 1);
    const apart = values.map((v) => reshape(v, [...v.shape.slice(0, axis), 1, ...v.shape.slice(axis)]));
    return concatenate(s, apart, axis);
  },
  PadV2: (s, { x }, a: { paddings: number[][]; constantValue: number }) =>
    pad(s, x, a.paddings, a.constantValue),
  Reshape: (_, { x }, a: { shape: number[] }, tf) =>
    reshape(x, tf.util.inferFromImplicitShape(a.shape, sizeOf(x.shape))),
  Reverse: (s, { x }, a: { dims: number | number[] }) => {
    const axes = normalAxes(a.dims, x.shape.length);
    const pick = (reversed: number, otherwise: (axis: number) => number) =>
      x.shape.map((_, axis) => (axes.includes(axis) ? reversed : otherwise(axis)));
    const [begin, end] = [pick(-1, () => 0), pick(-(2 ** 31), (axis) => x.shape[axis])];
    return strided(s, x, begin, end, pick(-1, () => 1), x.shape); // prettier-ignore
  },
  Slice: (s, { x }, a: { begin: number | number[]; size: number | number[] }, tf) => {
    const like = { shape: [...x.shape], rank: x.shape.length };
    const [begin, size] = tf.slice_util.parseSliceParams(like as never, a.begin, a.size);
    return slice(s, x, begin, size);
  },
  SplitV: (s, { x }, a: { numOrSizeSplits: number | number[]; axis: number }, tf) => {
    const axis = normalAxis(a.axis, x.shape.length);
    const like = { shape: [...x.shape], rank: x.shape.length };
    return split(s, x, tf.backend_util.prepareSplitSize(like as never, a.numOrSizeSplits, axis), axis);
  },
  StridedSlice: (s, { x }, a: StridedSliceAttributes, tf) => {
    const info = tf.slice_util.sliceInfo(
      [...x.shape],
      a.begin,
      a.end,
      a.strides,
      a.beginMask,
      a.endMask,
      a.ellipsisMask,
      a.newAxisMask,
      a.shrinkAxisMask,
    );
    // ONNX counts a negative end from the back, where tfjs means "before the first".
    const end = info.end.map((last, axis) => (info.strides[axis] < 0 && last < 0 ? -(2 ** 31) : last));
    const shape = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
    return reshape(strided(s, x, info.begin, end, info.strides, shape), info.finalShape);
  },
  Tile: (_, { x }, a: { reps: number[] }) => tile(x, a.reps),
  Transpose: (s, { x }, a: { perm: number[] }) => transpose(s, x, a.perm),
  Unpack: (s, { value }, a: { axis: number }) => {
    const axis = normalAxis(a.axis, value.shape.length);
    const shape = value.shape.filter((_, i) => i !== axis);
    const ones = Array<number>(value.shape[axis]).fill(1);
    return split(s, value, ones, axis).map((piece) => reshape(piece, shape));
  },
};
