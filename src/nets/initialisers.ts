import { checkNumber, checkPositive } from "../core/checks.js";
import { normal as normalDraws, uniform as uniformDraws, type Key } from "../random/index.js";

/**
 * The first values of one parameter array, row by row. Weights are stored [..., inputs, outputs], so that a layer is
 * `x.matMul(weight)`: PyTorch's `Linear` stores the transpose.
 */
export type Initialiser = (key: Key, shape: readonly number[]) => Float32Array;

/** Numbers of connections into and out of a unit: of a weight [...receptive, inputs, outputs], receptive × inputs and × outputs. */
export interface Fans {
  readonly inputs: number;
  readonly outputs: number;
}

/** The fans of a weight; a vector feeds every unit through one connection. */
export function fansOf(shape: readonly number[]): Fans {
  if (shape.length < 2) return { inputs: 1, outputs: shape[0] ?? 1 };
  const receptive = sizeOf(shape.slice(0, -2));
  return { inputs: receptive * shape[shape.length - 2], outputs: receptive * shape[shape.length - 1] };
}

/** Every entry `value`. @throws ArgumentError */
export function constant(value: number): Initialiser {
  checkNumber("value", value);
  return (_key, shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Every entry zero: what a last layer starts with where the net shall start as the zero function. */
export function zeros(): Initialiser {
  return constant(0);
}

/** Independent N(mean, std²) entries. @throws ArgumentError */
export function normal(std: number = 1, mean: number = 0): Initialiser {
  checkNumber("std", std, { min: 0 });
  checkNumber("mean", mean);
  return (key, shape) => Float32Array.from(normalDraws(key, sizeOf(shape)), (z) => mean + std * z);
}

/** Independent entries uniform on (-bound, bound). @throws ArgumentError */
export function uniform(bound: number): Initialiser {
  checkNumber("bound", bound, { min: 0 });
  return (key, shape) => uniformFill(key, shape, bound);
}

/**
 * Glorot's uniform law: U(±gain sqrt(6 / (fanIn + fanOut))), which keeps variances from layer to layer in both directions.
 * Source: Glorot and Bengio 2010, equation 16.
 */
export function xavierUniform(gain: number = 1): Initialiser {
  checkPositive("gain", gain);
  return (key, shape) => {
    const { inputs, outputs } = fansOf(shape);
    return uniformFill(key, shape, gain * Math.sqrt(6 / (inputs + outputs)));
  };
}

/** Glorot's normal law: N(0, 2 gain² / (fanIn + fanOut)). Source: Glorot and Bengio 2010, section 4.2. */
export function xavierNormal(gain: number = 1): Initialiser {
  checkPositive("gain", gain);
  return (key, shape) => {
    const { inputs, outputs } = fansOf(shape);
    return normal(gain * Math.sqrt(2 / (inputs + outputs)))(key, shape);
  };
}

/**
 * He's uniform law for leaky rectifiers of slope `a`: U(±sqrt(6 / ((1 + a²) fanIn))).
 * `a = Math.sqrt(5)` gives U(±1/sqrt(fanIn)), the weights that PyTorch's `Linear` starts with. Source: He et al. 2015, equation 15.
 */
export function kaimingUniform(a: number = 0): Initialiser {
  checkNumber("a", a);
  return (key, shape) => uniformFill(key, shape, Math.sqrt(6 / ((1 + a * a) * fansOf(shape).inputs)));
}

/** He's normal law for leaky rectifiers of slope `a`: N(0, 2 / ((1 + a²) fanIn)). Source: He et al. 2015, equation 14. */
export function kaimingNormal(a: number = 0): Initialiser {
  checkNumber("a", a);
  return (key, shape) => normal(Math.sqrt(2 / ((1 + a * a) * fansOf(shape).inputs)))(key, shape);
}

function uniformFill(key: Key, shape: readonly number[], bound: number): Float32Array {
  return Float32Array.from(uniformDraws(key, sizeOf(shape)), (u) => bound * (2 * u - 1));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
