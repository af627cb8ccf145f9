import type { Tensor } from "@tensorflow/tfjs";
import { checkNumber, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Potential } from "../sde/index.js";

/** V(x) = (x - mean)² / (2 variance). @throws ArgumentError for a variance that is not positive */
export function quadratic({ mean = 0, variance = 1 }: { mean?: number; variance?: number } = {}): Potential {
  checkNumber("mean", mean);
  checkPositive("variance", variance);
  const shifted = mean === 0 ? "x" : `(x ${mean < 0 ? "+" : "-"} ${Math.abs(mean)})`;
  const twice = 2 * variance;
  return {
    value: (x) => (x - mean) ** 2 / twice,
    derivative: (x) => (x - mean) / variance,
    text: `${shifted}^2 / ${twice}`,
    tex: `\\frac{${shifted}^2}{${twice}}`,
    ops: {
      value: (x) =>
        x
          .sub(mean)
          .square()
          .mul(1 / twice),
      derivative: (x) => x.sub(mean).mul(1 / variance),
    },
  };
}

/** V(x) = barrier (1 - x²)²: wells at ±1, a barrier of this height at 0. @throws ArgumentError unless it is positive */
export function doubleWell({ barrier = 1 }: { barrier?: number } = {}): Potential {
  checkPositive("barrier", barrier);
  const factor = barrier === 1 ? "" : `${barrier} `;
  return {
    value: (x) => barrier * (1 - x * x) ** 2,
    derivative: (x) => -4 * barrier * x * (1 - x * x),
    text: `${factor}(1 - x^2)^2`,
    tex: `${factor}\\left(1 - x^2\\right)^2`,
    ops: {
      value: (x) => x.square().sub(1).square().mul(barrier),
      derivative: (x) =>
        x
          .square()
          .sub(1)
          .mul(x)
          .mul(4 * barrier),
    },
  };
}

/** V(x) = scale x⁴. @throws ArgumentError unless the scale is positive */
export function quartic({ scale = 1 }: { scale?: number } = {}): Potential {
  checkPositive("scale", scale);
  const factor = scale === 1 ? "" : `${scale} `;
  return {
    value: (x) => scale * x ** 4,
    derivative: (x) => 4 * scale * x ** 3,
    text: `${factor}x^4`,
    tex: `${factor}x^4`,
    ops: {
      value: (x) => x.square().square().mul(scale),
      derivative: (x) =>
        x
          .square()
          .mul(x)
          .mul(4 * scale),
    },
  };
}

/**
 * V(x) = Σ_k coefficients[k] x^k, constant first.
 *
 * @throws ArgumentError for no coefficients, or one that is not finite
 */
export function polynomial(coefficients: ArrayLike<number>): Potential {
  const c = Float64Array.from(coefficients);
  if (c.length === 0) throw new ArgumentError("coefficients", coefficients, "at least one number");
  c.forEach((value, k) => checkNumber(`coefficients[${k}]`, value));
  const slopes = c.slice(1).map((value, k) => (k + 1) * value);
  return {
    value: (x) => horner(c, x),
    derivative: (x) => horner(slopes, x),
    text: terms(c, (k) => (k === 1 ? "x" : `x^${k}`)),
    tex: terms(c, (k) => (k === 1 ? "x" : `x^{${k}}`)),
    ops: { value: (x) => tensorHorner(c, x), derivative: (x) => tensorHorner(slopes, x) },
  };
}

function horner(coefficients: Float64Array, x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k];
  return sum;
}

function tensorHorner(coefficients: Float64Array, x: Tensor): Tensor {
  const zero = x.mul(0);
  return coefficients.reduceRight((sum, coefficient) => sum.mul(x).add(coefficient), zero);
}

function terms(coefficients: Float64Array, power: (k: number) => string): string {
  let text = "";
  coefficients.forEach((value, k) => {
    if (value === 0) return;
    const size = Math.abs(value);
    const factor = k === 0 ? `${size}` : size === 1 ? power(k) : `${size} ${power(k)}`;
    const sign = text === "" ? (value < 0 ? "-" : "") : value < 0 ? " - " : " + ";
    text += sign + factor;
  });
  return text === "" ? "0" : text;
}
