import type { ConstantNode, FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from "mathjs";
import { ArgumentError, unknownName } from "../core/errors.js";

/** A real function of one real number. */
export type RealFunction = (x: number) => number;

const FUNCTIONS: Readonly<Record<string, RealFunction>> = {
  abs: Math.abs,
  acosh: Math.acosh,
  asinh: Math.asinh,
  atan: Math.atan,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  log: Math.log,
  sec: (x) => 1 / Math.cos(x),
  sech: (x) => 1 / Math.cosh(x),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI };

/**
 * A parsed formula in x as a closure of plain numbers, about a hundred times as fast as the parser's own evaluation.
 *
 * @throws ArgumentError that names a variable other than x, an unknown function or an operation that is not real arithmetic
 */
export function compileFormula(node: MathNode): RealFunction {
  switch (node.type) {
    case "ConstantNode":
      return constant(Number((node as ConstantNode).value));
    case "SymbolNode":
      return compileSymbol((node as SymbolNode).name);
    case "ParenthesisNode":
      return compileFormula((node as ParenthesisNode).content);
    case "FunctionNode":
      return compileCall(node as FunctionNode);
    case "OperatorNode":
      return compileOperator(node as OperatorNode);
    default:
      throw new ArgumentError("text", node.toString(), "a formula of one real variable x");
  }
}

function constant(value: number): RealFunction {
  return () => value;
}

function compileSymbol(name: string): RealFunction {
  if (name === "x") return (x) => x;
  if (Object.hasOwn(CONSTANTS, name)) return constant(CONSTANTS[name]);
  throw new ArgumentError("text", name, `no variable but x (and the constants ${listOf(CONSTANTS)})`);
}

function compileCall(node: FunctionNode): RealFunction {
  const name = node.fn.toString();
  if (!Object.hasOwn(FUNCTIONS, name)) throw unknownName("text", name, Object.keys(FUNCTIONS));
  if (node.args.length !== 1) {
    throw new ArgumentError("text", node.toString(), `one argument in the call of ${name}`);
  }
  const fn = FUNCTIONS[name];
  const inner = compileFormula(node.args[0]);
  return (x) => fn(inner(x));
}

function compileOperator(node: OperatorNode): RealFunction {
  const parts = node.args.map(compileFormula);
  if (parts.length === 1) return compileSign(node.op, parts[0]);
  if (parts.length === 2) return compileBinary(node, parts[0], parts[1]);
  throw refusal(node.op);
}

function compileSign(op: string, a: RealFunction): RealFunction {
  if (op === "-") return (x) => -a(x);
  if (op === "+") return a;
  throw refusal(op);
}

function compileBinary(node: OperatorNode, a: RealFunction, b: RealFunction): RealFunction {
  switch (node.op) {
    case "+":
      return (x) => a(x) + b(x);
    case "-":
      return (x) => a(x) - b(x);
    case "*":
      return (x) => a(x) * b(x);
    case "/":
      return (x) => a(x) / b(x);
    case "^":
      return compilePower(node.args[1], a, b);
    default:
      throw refusal(node.op);
  }
}

function compilePower(exponent: MathNode, a: RealFunction, b: RealFunction): RealFunction {
  const power = exponent.type === "ConstantNode" ? Number((exponent as ConstantNode).value) : NaN;
  if (power === 2) return (x) => square(a(x));
  if (power === 3) return (x) => cube(a(x));
  if (power === 4) return (x) => square(square(a(x)));
  return (x) => a(x) ** b(x);
}

const square = (x: number): number => x * x;
const cube = (x: number): number => x * x * x;

function refusal(op: string): ArgumentError {
  return new ArgumentError("text", op, "the operations +, -, *, / and ^ only");
}

function listOf(names: Readonly<Record<string, unknown>>): string {
  return Object.keys(names).join(", ");
}
