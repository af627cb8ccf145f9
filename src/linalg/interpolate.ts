import { checkFinite, checkKeys, checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { monotoneSlopes, naturalSlopes } from "./slopes.js";

/** Options of `interpolate`. */
export interface InterpolateOptions {
  /**
   * "linear" (default); "monotone": cubic pieces that rise only where the data rise (Fritsch and Carlson, 1980), once
   * differentiable; "natural": the cubic spline without curvature at its ends, twice differentiable.
   */
  readonly method?: "linear" | "monotone" | "natural";
  /** Beyond the ends: "clamp" (default) keeps the end value, "extend" goes on with the end slope, "refuse" throws. */
  readonly outside?: "clamp" | "extend" | "refuse";
}

/** A function through given points. */
export interface Interpolant {
  value(x: number): number;
  derivative(x: number): number;
  /** Values at many places. */
  values(x: Float64Array): Float64Array;
}

const METHODS = ["linear", "monotone", "natural"] as const;
const OUTSIDE = ["clamp", "extend", "refuse"] as const;

/**
 * The piecewise function through (x_i, y_i).
 *
 * @param x strictly increasing, at least two
 * @param y one value for each x
 * @throws ArgumentError for ragged, unordered or non-finite data, or an unknown method
 */
export function interpolate(x: Float64Array, y: Float64Array, options: InterpolateOptions = {}): Interpolant {
  checkKeys("options", options, ["method", "outside"]);
  const { method = "linear", outside = "clamp" } = options;
  checkOneOf("options.method", method, METHODS);
  checkOneOf("options.outside", outside, OUTSIDE);
  checkData(x, y);
  const piece = method === "linear" ? linearPiece(x, y) : cubicPiece(x, y, slopes(method, x, y));
  return extended(x, piece, outside);
}

/** Value and slope of piece i at t. */
interface Piece {
  value(i: number, t: number): number;
  derivative(i: number, t: number): number;
}

function checkData(x: Float64Array, y: Float64Array): void {
  if (x.length < 2) throw new ArgumentError("x", x, "at least two points");
  if (y.length !== x.length) {
    throw new ArgumentError("y", y, `a Float64Array of length ${x.length}, one value for each x`);
  }
  checkFinite("x", x);
  checkFinite("y", y);
  for (let i = 1; i < x.length; i++) {
    if (x[i] <= x[i - 1]) throw new ArgumentError(`x[${i}]`, x[i], `more than x[${i - 1}] = ${x[i - 1]}`);
  }
}

function slopes(method: "monotone" | "natural", x: Float64Array, y: Float64Array): Float64Array {
  return method === "monotone" ? monotoneSlopes(x, y) : naturalSlopes(x, y);
}

function linearPiece(x: Float64Array, y: Float64Array): Piece {
  const slope = (i: number): number => (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
  return { value: (i, t) => y[i] + (t - x[i]) * slope(i), derivative: slope };
}

/** Hermite's cubic with values y and slopes m at both ends. */
function cubicPiece(x: Float64Array, y: Float64Array, m: Float64Array): Piece {
  const pieces = x.length - 1;
  const second = new Float64Array(pieces);
  const third = new Float64Array(pieces);
  for (let i = 0; i < pieces; i++) {
    const h = x[i + 1] - x[i];
    const secant = (y[i + 1] - y[i]) / h;
    second[i] = (3 * secant - 2 * m[i] - m[i + 1]) / h;
    third[i] = (m[i] + m[i + 1] - 2 * secant) / (h * h);
  }
  return {
    value(i, t) {
      const u = t - x[i];
      return y[i] + u * (m[i] + u * (second[i] + u * third[i]));
    },
    derivative(i, t) {
      const u = t - x[i];
      return m[i] + u * (2 * second[i] + u * 3 * third[i]);
    },
  };
}

function extended(x: Float64Array, piece: Piece, outside: (typeof OUTSIDE)[number]): Interpolant {
  const last = x.length - 1;
  const end = (t: number): number => (t < x[0] ? 0 : last);
  const at = (t: number): number => (t <= x[0] ? 0 : t >= x[last] ? last - 1 : pieceOf(x, t));
  const slope = (t: number): number => piece.derivative(at(t), x[end(t)]);
  const isOutside = (t: number): boolean => {
    if (t >= x[0] && t <= x[last]) return false;
    if (outside === "refuse" || Number.isNaN(t)) {
      throw new ArgumentError("x", t, `a number from ${x[0]} to ${x[last]}`);
    }
    return true;
  };
  const value = (t: number): number => {
    if (!isOutside(t)) return piece.value(at(t), t);
    const edge = x[end(t)];
    return piece.value(at(t), edge) + (outside === "extend" ? (t - edge) * slope(t) : 0);
  };
  const derivative = (t: number): number => {
    if (!isOutside(t)) return piece.derivative(at(t), t);
    return outside === "extend" ? slope(t) : 0;
  };
  return { value, derivative, values: (t) => t.map(value) };
}

/** The i with x_i <= t < x_{i+1}, by bisection. */
function pieceOf(x: Float64Array, t: number): number {
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (x[middle] <= t) low = middle;
    else high = middle;
  }
  return low;
}
