// Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
import { ArgumentError } from "../core/errors.js";
import {
  sizeOf,
  type Attribute,
  type DataType,
  type Graph,
  type GraphNode,
  type TensorValue,
  type ValueInfo,
} from "./graph.js";
import { ProtobufWriter } from "./protobuf.js";

/** TensorProto.DataType */
export const DATA_TYPE_CODES: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;
const IR_VERSION = 9;

/** Versions of the operator sets that a model refers to. */
export interface EncodeOptions {
  /** Version of the standard operators (default 20). */
  readonly opset?: number;
  /** Program named as the producer. */
  readonly producer?: string;
}

/**
 * A graph as the bytes of an ONNX model file.
 * @throws ArgumentError where a constant's length is not its shape's, or an int attribute is not whole
 */
export function encodeModel(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  const { opset = 20, producer = "scorebook" } = options;
  const model = new ProtobufWriter();
  model.int(1, IR_VERSION);
  model.string(2, producer);
  model.message(7, encodeGraph(graph));
  model.message(8, operatorSet("", opset));
  model.message(8, operatorSet("com.microsoft", 1));
  return model.finish();
}

function operatorSet(domain: string, version: number): ProtobufWriter {
  const writer = new ProtobufWriter();
  writer.string(1, domain);
  writer.int(2, version);
  return writer;
}

function encodeGraph(graph: Graph): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const node of graph.nodes) writer.message(1, encodeNode(node));
  writer.string(2, graph.name);
  for (const constant of graph.initializers) writer.message(5, encodeTensor(constant, constant.name));
  for (const input of graph.inputs) writer.message(11, encodeValueInfo(input));
  for (const output of graph.outputs) writer.message(12, encodeValueInfo(output));
  return writer;
}

function encodeNode(node: GraphNode): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  writer.string(3, `${node.op}_${node.outputs[0]}`);
  writer.string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    writer.message(5, encodeAttribute(name, value, node.op));
  }
  if (node.domain !== undefined) writer.string(7, node.domain);
  return writer;
}

function encodeAttribute(name: string, value: Attribute, op: string): ProtobufWriter {
  const writer = new ProtobufWriter();
  writer.string(1, name);
  writer.int(20, ATTRIBUTE_TYPE[writeAttributeValue(writer, value, `${op}.${name}`)]);
  return writer;
}

function writeAttributeValue(
  writer: ProtobufWriter,
  value: Attribute,
  what: string,
): keyof typeof ATTRIBUTE_TYPE {
  if (typeof value === "number") return (writer.int(3, whole(value, what)), "int");
  if (typeof value === "string") return (writer.string(4, value), "string");
  if (isIntegers(value)) {
    for (const entry of value) writer.int(8, whole(entry, what));
    return "ints";
  }
  if ("float" in value) return (writer.float(2, value.float), "float");
  if ("tensor" in value) return (writer.message(5, encodeTensor(value.tensor, "")), "tensor");
  if ("graph" in value) return (writer.message(6, encodeGraph(value.graph)), "graph");
  for (const entry of value.floats) writer.float(7, entry);
  return "floats";
}

function isIntegers(value: Attribute): value is readonly number[] {
  return Array.isArray(value);
}

function whole(value: number, what: string): number {
  if (!Number.isSafeInteger(value)) throw new ArgumentError(what, value, "a whole number (or { float })");
  return value;
}

function encodeTensor({ type, shape, data }: TensorValue, name: string): ProtobufWriter {
  if (data.length !== sizeOf(shape)) {
    throw new ArgumentError(
      name || "tensor",
      data,
      `${sizeOf(shape)} elements for shape [${shape.join(", ")}]`,
    );
  }
  const writer = new ProtobufWriter();
  for (const dimension of shape) writer.int(1, dimension);
  writer.int(2, DATA_TYPE_CODES[type]);
  if (name !== "") writer.string(8, name);
  writer.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return writer;
}

function encodeValueInfo({ name, type, shape }: ValueInfo): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const dimension of shape) {
    const entry = new ProtobufWriter();
    if (typeof dimension === "number") entry.int(1, dimension);
    else entry.string(2, dimension);
    dimensions.message(1, entry);
  }
  const tensorType = new ProtobufWriter();
  tensorType.int(1, DATA_TYPE_CODES[type]);
  tensorType.message(2, dimensions);
  const wrapped = new ProtobufWriter();
  wrapped.message(1, tensorType);
  const writer = new ProtobufWriter();
  writer.string(1, name);
  writer.message(2, wrapped);
  return writer;
}
