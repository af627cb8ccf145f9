import { ArgumentError } from "../core/errors.js";
import { encodeModel, type EncodeOptions } from "./encode.js";
import type { Attribute, DataArray, DataType, Graph, GraphNode, GraphShape, ValueInfo } from "./graph.js";

/** Writes a graph one operation at a time; values are known by their names. */
export class GraphBuilder {
  private readonly name: string;
  private readonly scope: string;
  private readonly nodes: GraphNode[] = [];
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly initializers: Graph["initializers"][number][] = [];
  private count = 0;

  /** @param name also the prefix of the names it invents, so that a subgraph's do not clash with those around it */
  constructor(name = "graph") {
    this.name = name;
    this.scope = name === "graph" ? "" : `${name}_`;
  }

  /** Declare an input and return its name. */
  input(name: string, type: DataType, shape: GraphShape): string {
    if (this.inputs.some((input) => input.name === name))
      throw new ArgumentError("name", name, "an unused name");
    this.inputs.push({ name, type, shape });
    return name;
  }

  /** Declare a value as the graph's next output, under a name of its own. */
  output(name: string, value: string, type: DataType, shape: GraphShape): void {
    this.nodes.push({ op: "Identity", inputs: [value], outputs: [name] });
    this.outputs.push({ name, type, shape });
  }

  /** A constant; its shape defaults to the vector of its entries. */
  constant(data: DataArray, shape: readonly number[] = [data.length], type: DataType = typeOf(data)): string {
    const name = this.fresh();
    this.initializers.push({ name, type, shape, data });
    return name;
  }

  /** Whole numbers as the int64 vector that shape arguments are. */
  integers(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt));
  }

  /** Add an operation with one output and return the output's name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    domain?: string,
  ): string {
    return this.nodeWithOutputs(op, inputs, 1, attributes, domain)[0];
  }

  /** Add an operation with several outputs and return their names. */
  nodeWithOutputs(
    op: string,
    inputs: readonly string[],
    numOutputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain?: string,
  ): string[] {
    const outputs = Array.from({ length: numOutputs }, () => this.fresh());
    this.nodes.push({ op, inputs, outputs, attributes, ...(domain === undefined ? {} : { domain }) });
    return outputs;
  }

  /** The graph so far. */
  graph(): Graph {
    const { name, nodes, inputs, outputs, initializers } = this;
    return { name, nodes, inputs, outputs, initializers };
  }

  /** The bytes of a model file with this graph. */
  model(options?: EncodeOptions): Uint8Array {
    return encodeModel(this.graph(), options);
  }

  private fresh(): string {
    return `${this.scope}v${++this.count}`;
  }
}

function typeOf(data: DataArray): DataType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  return data instanceof BigInt64Array ? "int64" : "uint8";
}
