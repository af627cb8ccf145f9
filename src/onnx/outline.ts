// Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
import { ProtobufReader, type Field } from "./protobuf.js";

/** An operation of a model. */
export interface OutlineNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What a loop repeats. */
  readonly body?: ModelOutline;
}

/** What a model computes, without the entries of its constants. */
export interface ModelOutline {
  readonly nodes: readonly OutlineNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Shapes of the constants, by name. */
  readonly constants: Readonly<Record<string, readonly number[]>>;
}

/**
 * Read the operations of an ONNX model file.
 * @throws Error where the bytes are none
 */
export function outlineModel(model: Uint8Array): ModelOutline {
  const graph = find(new ProtobufReader(model).fields(), 7);
  if (graph === undefined) throw new Error("these bytes hold no ONNX model");
  return outline(graph.fields());
}

function outline(fields: readonly Field[]): ModelOutline {
  const constants = all(fields, 5).map((tensor) => {
    const parts = tensor.fields();
    return [text(parts, 8), parts.filter(({ field }) => field === 1).map(({ number }) => number)] as const;
  });
  const nameOf = (info: ProtobufReader): string => text(info.fields(), 1);
  return {
    nodes: all(fields, 1).map((node) => outlineNode(node.fields())),
    inputs: all(fields, 11).map(nameOf),
    outputs: all(fields, 12).map(nameOf),
    constants: Object.fromEntries(constants),
  };
}

function outlineNode(fields: readonly Field[]): OutlineNode {
  const names = (field: number): string[] => all(fields, field).map((name) => name.text());
  const attributes = all(fields, 5).map((attribute) => attribute.fields());
  const body = attributes.map((parts) => find(parts, 6)).find((graph) => graph !== undefined);
  const node = { op: text(fields, 4), inputs: names(1), outputs: names(2) };
  return body === undefined ? node : { ...node, body: outline(body.fields()) };
}

function all(fields: readonly Field[], wanted: number): ProtobufReader[] {
  return fields.flatMap(({ field, bytes }) => (field === wanted && bytes !== undefined ? [bytes] : []));
}

function find(fields: readonly Field[], wanted: number): ProtobufReader | undefined {
  return all(fields, wanted)[0];
}

function text(fields: readonly Field[], wanted: number): string {
  return find(fields, wanted)?.text() ?? "";
}
