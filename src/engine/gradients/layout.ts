import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

/** Gradients of operations that move entries about. */
export function layoutGradients(tf: TensorFlow): GradConfig[] {
  return [
    {
      kernelName: "Tile",
      inputsToSave: ["x"],
      gradFunc: (dy, [x], attrs) => {
        const { reps } = attrs as unknown as { reps: number[] };
        const split = x.shape.flatMap((size, i) => [reps[i], size]);
        const axes = x.shape.map((_, i) => 2 * i);
        return { x: () => (dy as Tensor).reshape(split).sum(axes).reshape(x.shape) };
      },
    },
    {
      kernelName: "SplitV",
      gradFunc: (dy, _, attrs) => {
        const { axis } = attrs as unknown as { axis: number };
        return { x: () => tf.concat(pieces(dy), axis) };
      },
    },
    {
      kernelName: "Unpack",
      gradFunc: (dy, _, attrs) => {
        const { axis } = attrs as unknown as { axis: number };
        return { value: () => tf.stack(pieces(dy), axis) };
      },
    },
    stridedSliceGradient(tf),
  ];
}

/** An operation with one output gets its dy bare. */
function pieces(dy: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(dy) ? dy : [dy];
}

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

/** The adjoint of x[begin:end:stride]: dy with stride - 1 zeros between its entries, put in its place among zeros. */
function stridedSliceGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "StridedSlice",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => {
      const a = attrs as unknown as StridedSliceAttributes;
      const info = tf.slice_util.sliceInfo(
        x.shape,
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      const sizes = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
      return {
        x: () =>
          x.shape.reduce(
            (spread, size, axis) => unslice(tf, spread, axis, size, info.begin[axis], info.strides[axis]),
            (dy as Tensor).reshape(sizes),
          ),
      };
    },
  };
}

function unslice(
  tf: TensorFlow,
  dy: Tensor,
  axis: number,
  size: number,
  begin: number,
  stride: number,
): Tensor {
  const count = dy.shape[axis];
  const step = Math.abs(stride);
  if (count === size && stride === 1) return dy;
  if (count === 0) return tf.zeros(dy.shape.map((extent, i) => (i === axis ? size : extent)));
  const ordered = stride < 0 ? dy.reverse(axis) : dy;
  const first = stride < 0 ? begin - (count - 1) * step : begin;
  const spread = interleave(tf, ordered, axis, step);
  return pad(spread, axis, first, size - first - ((count - 1) * step + 1));
}

/** Entries step apart along the axis, zeros between them. */
function interleave(tf: TensorFlow, x: Tensor, axis: number, step: number): Tensor {
  if (step === 1 || x.shape[axis] < 2) return x;
  const apart = pad(x.expandDims(axis + 1), axis + 1, 0, step - 1);
  const length = x.shape[axis] * step;
  const joined = apart.reshape(x.shape.map((size, i) => (i === axis ? length : size)));
  const covered = joined.shape.map((size, i) => (i === axis ? length - step + 1 : size));
  return tf.slice(
    joined,
    joined.shape.map(() => 0),
    covered,
  );
}

function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  return x.pad(x.shape.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])));
}
