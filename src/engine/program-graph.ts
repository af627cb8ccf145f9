import { outlineModel } from "../onnx/outline.js";
import type { Program } from "./program.js";

/** An operation of a program, an input or an output, as a picture of it has them. */
export interface ProgramNode {
  readonly name: string;
  readonly label: string;
  readonly kind: "input" | "matrix product" | "function" | "arithmetic" | "sum" | "loop" | "output";
  /** Names of the nodes whose results it reads. */
  readonly from: readonly string[];
}

/** Operations that only arrange entries: what passes through them is joined as if they were not there. */
const ARRANGING = new Set([
  "Reshape",
  "Split",
  "Concat",
  "Identity",
  "Expand",
  "Transpose",
  "Squeeze",
  "Unsqueeze",
]);
const KINDS: Readonly<Record<string, ProgramNode["kind"]>> = {
  ...kinds("matrix product", ["Gemm", "MatMul", "Conv"]),
  ...kinds("arithmetic", ["Add", "Sub", "Mul", "Div", "Neg", "Max", "Min"]),
  ...kinds("sum", ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "CumSum"]),
  ...kinds("loop", ["Scan"]),
};

/**
 * What a program computes, for `plots.graph`: inputs, operations and outputs, in the order of computation.
 * @param options.inputs names for the inputs, in order; one that is empty is left out, as parameters are that everything reads
 * @param options.outputs names for the outputs
 */
export function programGraph(
  program: Program,
  options: { readonly inputs?: readonly string[]; readonly outputs?: readonly string[] } = {},
): ProgramNode[] {
  const { nodes, inputs, outputs } = outlineModel(program.model);
  const sources = new Map<string, readonly string[]>();
  const result: ProgramNode[] = [];
  inputs.forEach((name, i) => {
    const label = options.inputs?.[i] ?? name;
    if (label !== "") result.push({ name, label, kind: "input", from: [] });
    sources.set(name, label === "" ? [] : [name]);
  });
  for (const { op, inputs, outputs } of nodes) {
    const from = [...new Set(inputs.flatMap((input) => sources.get(input) ?? []))];
    const shown = !ARRANGING.has(op);
    if (shown)
      result.push({ name: outputs[0], label: op.replace("Reduce", ""), kind: KINDS[op] ?? "function", from });
    for (const name of outputs) sources.set(name, shown ? [outputs[0]] : from);
  }
  outputs.forEach((name, i) => {
    result.push({
      name: `output ${i}`,
      label: options.outputs?.[i] ?? name,
      kind: "output",
      from: sources.get(name) ?? [],
    });
  });
  return result;
}

function kinds(kind: ProgramNode["kind"], ops: readonly string[]): Record<string, ProgramNode["kind"]> {
  return Object.fromEntries(ops.map((op) => [op, kind]));
}
