import type { MathJsInstance, MathNode } from "mathjs";
import { createRequire } from "node:module";
import { ArgumentError } from "../core/errors.js";
import type { Potential } from "../sde/index.js";
import { compileFormula, type RealFunction } from "./formula.js";

/**
 * A potential from its formula in x, such as `parsePotential("(1 - x^2)^2")`, with the symbolic derivative and the TeX of mathjs.
 *
 * Known are + - * / ^, brackets, the constants pi, tau and e, and abs, exp, log, sqrt, the trigonometric and hyperbolic functions.
 * At a kink the derivative is the mean of those on both sides.
 *
 * @throws ArgumentError for text that does not parse, a variable other than x, or an unknown function, naming it
 */
export function parsePotential(text: string): Potential {
  if (typeof text !== "string" || text.trim() === "") {
    throw new ArgumentError("text", text, 'a formula in x, such as "(1 - x^2)^2"');
  }
  const math = createRequire(import.meta.url)("mathjs") as MathJsInstance;
  const formula = parse(math, text);
  const value = compileFormula(formula);
  const slope = compileFormula(math.derivative(formula, "x"));
  return {
    value,
    derivative: (x) => slopeAt(slope, x),
    text: formula.toString({ implicit: "hide" }),
    tex: formula.toTex({ handler: plainSymbol }),
  };
}

function parse(math: MathJsInstance, text: string): MathNode {
  try {
    return math.parse(text);
  } catch (error) {
    throw new ArgumentError("text", text, `a formula in x (${(error as Error).message})`);
  }
}

function slopeAt(slope: RealFunction, x: number): number {
  const value = slope(x);
  if (!Number.isNaN(value)) return value;
  const side = 1e-8 * Math.max(1, Math.abs(x));
  return (slope(x + side) + slope(x - side)) / 2;
}

/** The parser writes symbols as "{ x}"; a bare x reads better. */
function plainSymbol(node: { readonly type: string; readonly name?: string }): string | undefined {
  return node.type === "SymbolNode" && node.name === "x" ? "x" : undefined;
}
