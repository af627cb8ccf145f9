import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
}

interface CumulativeAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Gradients of maxima and minima along axes, which share dy among equal entries, and of cumulative sums and products. */
export function reductionGradients(tf: TensorFlow): GradConfig[] {
  const extremum = (kernelName: string): GradConfig => ({
    kernelName,
    inputsToSave: ["x"],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attrs) => {
      const { axis, reductionIndices = axis } = attrs as ReductionAttributes;
      const axes = tf.util.parseAxisParam(reductionIndices ?? (null as unknown as number[]), x.shape);
      const shape = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
      return {
        x: () => {
          const hit = x.equal(y.reshape(shape)).toFloat();
          return hit.mul((dy as Tensor).reshape(shape).div(hit.sum(axes, true)));
        },
      };
    },
  });
  return [extremum("Max"), extremum("Min"), cumsumGradient(tf), cumprodGradient(tf)];
}

function cumsumGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "Cumsum",
    gradFunc: (dy, _, attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as CumulativeAttributes;
      return { x: () => tf.cumsum(dy as Tensor, axis, exclusive, !reverse) };
    },
  };
}

/**
 * d y_j / d x_k is the product with x_k left out, for the j whose product has x_k. Formed without a division, so that
 * zeros do no harm; takes the square of the axis in memory.
 */
function cumprodGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "Cumprod",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as CumulativeAttributes;
      const size = x.shape[axis];
      const row = x.shape.map((extent, i) => (i === axis ? [1, extent] : [extent])).flat();
      const matrix = x.shape.map((extent, i) => (i === axis ? [extent, extent] : [1])).flat();
      const place = tf.range(0, size);
      const distance = place
        .expandDims(0)
        .sub(place.expandDims(1))
        .mul(reverse ? -1 : 1);
      return {
        x: () => {
          const others = tf.where(distance.equal(0).reshape(matrix), tf.ones([1]), x.reshape(row));
          const products = tf.cumprod(others, axis + 1, exclusive, reverse);
          const within = distance.greater(exclusive ? 0 : -1).toFloat();
          return products
            .mul(within.reshape(matrix))
            .mul((dy as Tensor).reshape(row))
            .sum(axis + 1);
        },
      };
    },
  };
}
