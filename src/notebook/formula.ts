import { createRequire } from "node:module";
import type * as Mathjs from "mathjs";
import { ArgumentError } from "../core/errors.js";
import { show } from "./display.js";

/** Options of {@link formula}. */
export interface FormulaOptions {
  /** What the formula defines: `V(x)` gives "V(x) = …". */
  readonly name?: string;
  /** Also shows the derivative in this variable, found by symbols. */
  readonly derivative?: string;
}

/**
 * Shows a formula: an expression such as `"x^4/4 - x^2/2"`, or TeX (anything with a backslash).
 * @throws ArgumentError for an expression that does not parse, or the derivative of TeX
 */
export function formula(text: string, { name, derivative }: FormulaOptions = {}): void {
  if (typeof text !== "string" || text.trim() === "")
    throw new ArgumentError("text", text, "an expression or TeX");
  if (text.includes("\\") && derivative !== undefined)
    throw new ArgumentError("derivative", derivative, "an expression without TeX commands");
  const lines = text.includes("\\") ? [equation(name, text)] : fromExpression(text, name, derivative);
  show({
    "text/latex": `$$\n\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}\n$$`,
    "text/plain": name === undefined ? text : `${name} = ${text}`,
  });
}

function fromExpression(text: string, name: string | undefined, variable: string | undefined): string[] {
  const math = createRequire(import.meta.url)("mathjs") as typeof Mathjs;
  const node = parsed(math, text);
  const left = name === undefined ? undefined : parsed(math, name).toTex();
  if (variable === undefined) return [equation(left, node.toTex())];
  const symbol = parsed(math, variable).toTex();
  const slope = math.simplify(math.derivative(node, variable)).toTex();
  const head = `\\frac{\\partial}{\\partial ${symbol}}`;
  return [
    equation(left, node.toTex()),
    equation(left === undefined ? `${head} (\\ldots)` : `${head} ${left}`, slope),
  ];
}

function parsed(math: typeof Mathjs, text: string): Mathjs.MathNode {
  try {
    return math.parse(text);
  } catch (error) {
    throw new ArgumentError("text", text, `an expression (${(error as Error).message})`);
  }
}

function equation(left: string | undefined, right: string): string {
  return left === undefined ? `& ${right}` : `${left} &= ${right}`;
}
