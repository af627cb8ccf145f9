import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { gelu } from "../../engine/gelu.js";
import { tf } from "../../engine/tfjs.js";
import { combine } from "../combine.js";
import { normal, zeros } from "../initialisers.js";
import { linear } from "../linear.js";
import { mlp } from "../mlp.js";
import {
  parametrised,
  prefixed,
  unflatten,
  type ParamSpec,
  type Parametrised,
  type ParamTensors,
} from "../params.js";
import { sinusoidal } from "../time-features.js";
import { spectral1d } from "./spectral-1d.js";
import { spectral2d } from "./spectral-2d.js";

/** Options of `fno`. */
export interface FnoOptions {
  /** Axes of the periodic grid. */
  readonly dim: 1 | 2;
  /** Channels; default 32. */
  readonly width?: number;
  /** K: wavenumbers |k| ≤ K an axis get weights; default 16. */
  readonly modes?: number;
  /** Blocks; default 4. */
  readonly blocks?: number;
  /** Hidden width of the projection; default 64. */
  readonly projection?: number;
  /** Whether cos x and sin x of every axis are input channels, for laws that are not the same everywhere; default true. */
  readonly position?: boolean;
  /** Whether K filters every channel by itself, and channels mix in W alone: fewer weights by a factor `width`; default false. */
  readonly separable?: boolean;
}

/** A neural operator with one set of weights for every grid. */
export interface Fno extends Parametrised {
  readonly dim: 1 | 2;
  /**
   * Values of a field on a grid of any size: x [batch, n^dim], log σ [batch, 1] to [batch, n^dim], in tfjs ops.
   * @throws ArgumentError for a grid that cannot carry the waves |k| ≤ K
   */
  readonly apply: (params: ParamTensors, x: Tensor, logSigma: Tensor) => Tensor;
}

/**
 * A Fourier neural operator with the noise level by modulation (FiLM):
 *
 *   v = lift [x, cos, sin],  v ← gelu((1 + g(σ)) (K v + W v + b) + s(σ)) in every block,  out = project v
 *
 * K multiplies the waves |k| ≤ K by complex matrices, with transforms scaled so that weights do not depend on the grid. The last layer
 * starts at zero. Source: Li et al. (2021) for the layers; Perez et al. (2018) for the modulation; Chollet (2017) for separable filters.
 * @throws ArgumentError
 */
export function fno(options: FnoOptions): Fno {
  const { dim, width, modes, blocks, projection, position, separable } = checked(options);
  const channels = 1 + (position ? 2 * dim : 0);
  const features = sinusoidal({ size: 32, maxPeriod: 100 });
  const model = combine({
    lift: linear({ inputs: channels, outputs: width }),
    levels: mlp({
      sizes: [features.outputs, 64, blocks * 2 * width],
      activation: "silu",
      output: { weight: zeros(), bias: zeros() },
    }),
    body: parametrised(blockSpec(blocks, width, dim === 1 ? modes + 1 : 2 * (modes + 1) ** 2, separable)),
    project: mlp({
      sizes: [width, projection, 1],
      activation: "gelu",
      output: { weight: zeros(), bias: zeros() },
    }),
  });
  const convolve = dim === 1 ? spectral1d : spectral2d;
  const { spec, count, init } = model;
  return {
    spec,
    count,
    init,
    dim,
    apply(params, x, logSigma) {
      const of = model.split(params);
      const [batch, points] = x.shape;
      const size = sizeOfGrid(points, dim, modes);
      const axes = Array<number>(dim).fill(size);
      const e = model.parts.levels.apply(of.levels, features.apply([] as never, logSigma.mul(2)));
      const film = e.reshape([batch, blocks, 2, width]);
      const lifted = model.parts.lift.apply(of.lift, inputChannels(x, axes, position));
      const weights = unflatten(model.parts.body.spec, of.body);
      let v = lifted.reshape([...axes, batch, width]);
      for (let block = 0; block < blocks; block++) {
        const local = v
          .reshape([points * batch, width])
          .matMul(weights[`${block}.local`])
          .add(weights[`${block}.bias`]);
        const sum = convolve(v, weights[`${block}.spectral`])
          .reshape([points * batch, width])
          .add(local);
        const [gain, shift] = film
          .slice([0, block, 0, 0], [batch, 1, 2, width])
          .split(2, 2)
          .map((part) => part.reshape([1, batch, width]));
        v = gelu(sum.reshape([points, batch, width]).mul(gain.add(1)).add(shift)).reshape([
          ...axes,
          batch,
          width,
        ]);
      }
      const out = model.parts.project.apply(of.project, v.reshape([points * batch, width]));
      return out.reshape([points, batch]).transpose();
    },
  };
}

function blockSpec(blocks: number, width: number, modes: number, separable: boolean): ParamSpec {
  const spectral = separable
    ? { name: "spectral", shape: [modes, 2, width], init: normal(0.5) }
    : { name: "spectral", shape: [modes, 2, width, width], init: normal(0.5 / width) };
  return Array.from({ length: blocks }, (_, block) =>
    prefixed(String(block), [
      spectral,
      { name: "local", shape: [width, width], init: normal(1 / Math.sqrt(width)) },
      { name: "bias", shape: [width], init: zeros() },
    ]),
  ).flat();
}

/** The field and, if wanted, cos and sin of every coordinate: [n^dim·batch, channels], grid points slowest. */
function inputChannels(x: Tensor, axes: readonly number[], position: boolean): Tensor {
  const [batch, points] = x.shape;
  const field = x.transpose().reshape([points * batch, 1]);
  if (!position) return field;
  const size = axes[0];
  const waves = Float32Array.from({ length: points * 2 * axes.length }, (_, p) => {
    const [point, channel] = [Math.floor(p / (2 * axes.length)), p % (2 * axes.length)];
    const at = channel < 2 ? point % size : Math.floor(point / size);
    const angle = (2 * Math.PI * at) / size;
    return channel % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
  const columns = 2 * axes.length;
  const where = tf()
    .tensor3d(waves, [points, 1, columns])
    .tile([1, batch, 1])
    .reshape([points * batch, columns]);
  return field.concat(where, 1);
}

function sizeOfGrid(points: number, dim: number, modes: number): number {
  const size = dim === 1 ? points : Math.round(Math.sqrt(points));
  if (size ** dim !== points || size <= 2 * modes) {
    throw new ArgumentError(
      "x",
      `fields of ${points} points`,
      `n^${dim} points with n > 2·modes = ${2 * modes}`,
    );
  }
  return size;
}

function checked(options: FnoOptions): Required<FnoOptions> {
  checkKeys("options", options, ["dim", "width", "modes", "blocks", "projection", "position", "separable"]);
  const { width = 32, modes = 16, blocks = 4, projection = 64, position = true, separable = false } = options;
  const dim = checkInteger("dim", options.dim, { min: 1, max: 2 }) as 1 | 2;
  checkInteger("width", width, { min: 1 });
  checkInteger("modes", modes, { min: 0 });
  checkInteger("blocks", blocks, { min: 1 });
  checkInteger("projection", projection, { min: 1 });
  return { dim, width, modes, blocks, projection, position, separable };
}
