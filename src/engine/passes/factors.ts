import type { IrNode, Scope } from "../ir/scope.js";
import { sizeOf } from "../../onnx/graph.js";
import { readNames } from "./prune.js";
import { countUses } from "./uses.js";

const SUMS = new Set(["Add", "Sub"]);

/**
 * Moves numbers that multiply a large result into what it is computed from: c (x w + b) is a product that takes c along,
 * or else x (c w) + c b. Error functions of a layer, in gelu, then read its result as it is.
 */
export function pushFactors(nodes: readonly IrNode[], scope: Scope, kept: readonly string[]): IrNode[] {
  return new FactorPass(nodes, scope, kept).run().flatMap((node) => inLoop(node, scope));
}

/** The same in a loop's body; what then does not change from step to step is computed before the loop. */
function inLoop(node: IrNode, scope: Scope): IrNode[] {
  if (node.body === undefined) return [node];
  const { inputs, outputs } = node.body;
  const nodes = pushFactors(node.body.nodes, scope, outputs.map(({ name }) => name)); // prettier-ignore
  const changing = new Set(inputs.map(({ name }) => name));
  const isInvariant = (inner: IrNode): boolean => !readNames(inner).some((name) => changing.has(name));
  const before: IrNode[] = [];
  const within: IrNode[] = [];
  for (const inner of nodes) {
    const moves = isInvariant(inner) && inner.op === "Mul";
    (moves ? before : within).push(inner);
    if (!moves) for (const name of inner.outputs) changing.add(name);
  }
  return [...before, { ...node, body: { ...node.body, nodes: within } }];
}

class FactorPass {
  private readonly nodes: readonly IrNode[];
  private readonly scope: Scope;
  private readonly kept: ReadonlySet<string>;
  private readonly uses: Map<string, number>;
  private readonly producers = new Map<string, IrNode>();
  private readonly numbers: ReadonlyMap<string, number>;
  /** Factors that a value's definition has to take up, by the value's name. */
  private readonly pending = new Map<string, number>();
  /** Values that took up the factor of a product, by the product's name. */
  private readonly renamed = new Map<string, string>();

  constructor(nodes: readonly IrNode[], scope: Scope, kept: readonly string[]) {
    this.nodes = nodes;
    this.scope = scope;
    this.kept = new Set(kept);
    this.uses = countUses(nodes, kept);
    for (const node of nodes) for (const name of node.outputs) this.producers.set(name, node);
    const scalars = scope.constants.filter(({ type, shape }) => type === "float32" && shape.length === 0);
    this.numbers = new Map(scalars.map(({ name, data }) => [name, Number(data[0])]));
  }

  /** From the last node to the first: a factor is met before the node that takes it up. */
  run(): IrNode[] {
    const reversed: IrNode[] = [];
    for (const node of [...this.nodes].reverse()) reversed.push(...this.rewrite(node));
    return reversed
      .reverse()
      .map((node) => ({ ...node, inputs: node.inputs.map((name) => this.current(name)) }));
  }

  private current(name: string): string {
    const other = this.renamed.get(name);
    return other === undefined ? name : this.current(other);
  }

  /** What a node becomes, in reverse order; nothing where it was a product by a number that moves on. */
  private rewrite(node: IrNode): IrNode[] {
    const [name] = node.outputs;
    const factor = this.pending.get(name);
    if (factor !== undefined) return this.takeUp(node, factor);
    if (node.op !== "Mul" || this.kept.has(name)) return [node];
    const number = node.inputs.find((input) => this.numbers.has(input));
    const value = node.inputs.find((input) => input !== number);
    if (number === undefined || value === undefined || !this.absorbs(value)) return [node];
    if (this.size(value) !== this.size(name)) return [node];
    this.pending.set(value, this.numbers.get(number)!);
    this.renamed.set(name, value);
    return [];
  }

  /** Whether a value that nothing else reads can be computed with a factor at no cost worth mentioning. */
  private absorbs(name: string): boolean {
    const node = this.producers.get(name);
    if (node === undefined || this.uses.get(name) !== 1) return false;
    if (node.op === "Gemm") return true;
    if (node.op === "Reshape") return this.absorbs(node.inputs[0]);
    if (node.op === "MatMul") return this.smallest(node) !== undefined;
    return (
      SUMS.has(node.op) && node.inputs.every((input) => this.absorbs(input) || this.isSmall(input, name))
    );
  }

  private takeUp(node: IrNode, factor: number): IrNode[] {
    if (node.op === "Gemm") return [times(node, factor)];
    if (node.op === "Reshape") {
      this.pending.set(node.inputs[0], factor);
      return [node];
    }
    const added: IrNode[] = [];
    const scaled = (name: string): string => {
      const output = this.scope.fresh();
      const number = this.scope.constant(Float32Array.of(factor), [], "float32").name;
      added.push({ op: "Mul", inputs: [name, number], outputs: [output], attributes: {} });
      return output;
    };
    const small = node.op === "MatMul" ? this.smallest(node) : undefined;
    const inputs = node.inputs.map((input, place) => {
      if (node.op === "MatMul") return place === small ? scaled(input) : input;
      if (!this.absorbs(input)) return scaled(input);
      this.pending.set(input, factor);
      return input;
    });
    return [{ ...node, inputs }, ...added];
  }

  /** The place of the smaller factor of a product, where it is smaller than the product itself. */
  private smallest(node: IrNode): number | undefined {
    const [a, b] = node.inputs.map((input) => this.size(input) ?? Infinity);
    const place = b <= a ? 1 : 0;
    return 2 * Math.min(a, b) <= (this.size(node.outputs[0]) ?? 0) ? place : undefined;
  }

  private isSmall(name: string, beside: string): boolean {
    return 2 * (this.size(name) ?? Infinity) <= (this.size(beside) ?? 0);
  }

  private size(name: string): number | undefined {
    const shape = this.scope.shapes.get(name);
    return shape && sizeOf(shape);
  }
}

/** A product alpha op(a) op(b) + beta c with another number in front. */
function times(node: IrNode, factor: number): IrNode {
  const names = node.inputs.length === 3 ? ["alpha", "beta"] : ["alpha"];
  const multiplied = names.map((name) => {
    const given = node.attributes[name] as { readonly float: number } | undefined;
    return [name, { float: factor * (given?.float ?? 1) }] as const;
  });
  return { ...node, attributes: { ...node.attributes, ...Object.fromEntries(multiplied) } };
}
