import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../src/onnx/builder.js";
import { encodeModel } from "../../src/onnx/encode.js";
import type { DataArray, DataType } from "../../src/onnx/graph.js";
import { outlineModel } from "../../src/onnx/outline.js";
import { ProtobufWriter } from "../../src/onnx/protobuf.js";
import { OnnxSession, type ArrayValue } from "../../src/onnx/session.js";

const f32 = (data: number[], shape = [data.length]): ArrayValue => ({
  type: "float32",
  shape,
  data: Float32Array.from(data),
});

async function run(builder: GraphBuilder, feeds: Record<string, ArrayValue>) {
  const session = await OnnxSession.create(builder.model());
  const results = await session.run(feeds);
  await session.dispose();
  return results;
}

describe("the wire format", () => {
  it("writes the examples of the protocol-buffer specification", () => {
    const writer = new ProtobufWriter();
    writer.int(1, 150);
    writer.string(2, "testing");
    expect(Buffer.from(writer.finish()).toString("hex")).toBe("089601120774657374696e67");
  });

  it("writes negative numbers as ten bytes of two's complement", () => {
    const writer = new ProtobufWriter();
    writer.int(1, -2);
    expect(Buffer.from(writer.finish()).toString("hex")).toBe("08feffffffffffffffff01");
  });
});

describe("a graph that ONNX Runtime reads back", () => {
  it.each<[DataType, DataArray]>([
    ["float32", Float32Array.of(1.5, -2)],
    ["float64", Float64Array.of(1 / 3, -1e300)],
    ["int32", Int32Array.of(-7, 2 ** 31 - 1)],
    ["int64", BigInt64Array.of(-1n, 2n ** 62n)],
    ["bool", Uint8Array.of(1, 0)],
    ["uint8", Uint8Array.of(255, 0)],
  ])("keeps %s constants and inputs to the last bit", async (type, data) => {
    const builder = new GraphBuilder();
    builder.output("constant", builder.constant(data, [2, 1], type), type, [2, 1]);
    builder.output("copy", builder.input("x", type, [1, 2]), type, [1, 2]);
    const { constant, copy } = await run(builder, { x: { type, shape: [1, 2], data } });
    expect(constant).toEqual({ type, shape: [2, 1], data });
    expect(copy).toEqual({ type, shape: [1, 2], data });
  });

  it("keeps scalars and empty tensors", async () => {
    const builder = new GraphBuilder();
    builder.output("scalar", builder.constant(Float32Array.of(2), []), "float32", []);
    builder.output("empty", builder.constant(new Float32Array(0), [0, 3]), "float32", [0, 3]);
    const { scalar, empty } = await run(builder, {});
    expect(scalar).toMatchObject({ shape: [], data: Float32Array.of(2) });
    expect(empty).toMatchObject({ shape: [0, 3] });
  });

  it("keeps every kind of attribute", async () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", "float32", [2, 2]);
    const transposed = builder.node("Transpose", [x], { perm: [1, 0] });
    const leaky = builder.node("LeakyRelu", [transposed], { alpha: { float: 0.25 } });
    const summed = builder.node("ReduceSum", [leaky, builder.integers([1])], { keepdims: 0 });
    const tensor = { type: "float32", shape: [2], data: Float32Array.of(10, 20) } as const;
    const added = builder.node("Add", [summed, builder.node("Constant", [], { value: { tensor } })]);
    const floats = builder.node("Constant", [], { value_floats: { floats: [0.5, -1] } });
    builder.output("y", builder.node("Add", [added, floats]), "float32", [2]);
    builder.output("gelu", builder.node("Gelu", [x], { approximate: "tanh" }), "float32", [2, 2]);
    const { y, gelu } = await run(builder, { x: f32([1, 2, -4, 3], [2, 2]) });
    expect([...y.data]).toEqual([10.5 + 1 - 1, 20 - 1 + 2 + 3]);
    const tanhGelu = (v: number) =>
      0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
    expect(gelu.data[0]).toBeCloseTo(tanhGelu(1), 6);
  });

  it("runs a subgraph: cumulative sums by Scan, with a constant of the graph around it", async () => {
    const body = new GraphBuilder("body");
    const carry = body.input("carry", "float32", []);
    const item = body.input("item", "float32", []);
    const next = body.node("Add", [carry, body.node("Mul", [item, "outer_scale"])]);
    body.output("next", next, "float32", []);
    body.output("seen", next, "float32", []);

    const builder = new GraphBuilder();
    const scale = builder.input("outer_scale", "float32", []);
    const items = builder.input("items", "float32", ["n"]);
    const start = builder.node("Mul", [builder.constant(Float32Array.of(0), []), scale]);
    const [last, all] = builder.nodeWithOutputs("Scan", [start, items], 2, {
      body: { graph: body.graph() },
      num_scan_inputs: 1,
    });
    builder.output("last", last, "float32", []);
    builder.output("all", all, "float32", ["n"]);
    const results = await run(builder, { items: f32([1, 2, 3]), outer_scale: f32([2], []) });
    expect([...results.all.data]).toEqual([2, 6, 12]);
    expect([...results.last.data]).toEqual([12]);
  });

  it("returns several outputs of one operation", async () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", "float32", [5]);
    const [head, tail] = builder.nodeWithOutputs("Split", [x, builder.integers([2, 3])], 2, { axis: 0 });
    builder.output("head", head, "float32", [2]);
    builder.output("tail", tail, "float32", [3]);
    const { head: h, tail: t } = await run(builder, { x: f32([1, 2, 3, 4, 5]) });
    expect([[...h.data], [...t.data]]).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });
});

describe("a session", () => {
  it("fills the arrays it is given and reads shared memory", async () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", "float32", [2]);
    builder.output("y", builder.node("Neg", [x]), "float32", [2]);
    const session = await OnnxSession.create(builder.model());
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([1, 2]);
    const y = f32([0, 0]);
    await session.run({ x: { type: "float32", shape: [2], data: shared } }, { y });
    expect([...y.data]).toEqual([-1, -2]);
    await session.dispose();
  });

  it("names a missing input and reports an invalid model", async () => {
    const builder = new GraphBuilder();
    builder.output("y", builder.input("x", "float32", [2]), "float32", [2]);
    const session = await OnnxSession.create(builder.model());
    await expect(session.run({})).rejects.toThrow(/feeds: expected a value for the input "x"/);
    await session.dispose();
    await expect(OnnxSession.create(Uint8Array.of(1, 2, 3))).rejects.toThrow();
  });
});

describe("what the writer refuses", () => {
  it("a constant whose length is not its shape's", () => {
    const builder = new GraphBuilder();
    builder.constant(Float32Array.of(1, 2, 3), [2, 2]);
    expect(() => builder.model()).toThrow(/expected 4 elements for shape \[2, 2\], got Float32Array\(3\)/);
  });

  it("an int attribute that is not whole, and a name used twice", () => {
    const builder = new GraphBuilder();
    builder.node("LeakyRelu", [builder.input("x", "float32", [1])], { alpha: 0.5 });
    expect(() => encodeModel(builder.graph())).toThrow(/LeakyRelu\.alpha: expected a whole number/);
    expect(() => builder.input("x", "float32", [1])).toThrow(/name: expected an unused name/);
  });
});

describe("an outline", () => {
  const loop = (): GraphBuilder => {
    const body = new GraphBuilder("body");
    const [sum, x] = [body.input("sum", "float32", [2]), body.input("x", "float32", [2])];
    body.output("next", body.node("Add", [sum, x]), "float32", [2]);
    const g = new GraphBuilder();
    const start = g.constant(Float32Array.of(1, 2));
    const all = g.input("all", "float32", [300, 2]);
    const last = g.node("Scan", [start, all], { body: { graph: body.graph() }, num_scan_inputs: 1 });
    g.output("last", last, "float32", [2]);
    return g;
  };

  it("has a model's operations with their names, loops with what they repeat, and the shapes of constants", () => {
    const outline = outlineModel(loop().model());
    expect(outline).toMatchObject({ inputs: ["all"], outputs: ["last"], constants: { v1: [2] } });
    expect(outline.nodes.map(({ op }) => op)).toEqual(["Scan", "Identity"]);
    expect(outline.nodes[0]).toMatchObject({ inputs: ["v1", "all"], outputs: ["v2"] });
    expect(outline.nodes[0].body).toMatchObject({ inputs: ["sum", "x"], outputs: ["next"] });
    expect(outline.nodes[0].body?.nodes[0]).toMatchObject({ op: "Add", inputs: ["sum", "x"] });
  });

  it("is refused for bytes that are no model", () => {
    const model = loop().model();
    expect(() => outlineModel(model.subarray(0, model.length - 3))).toThrow("the bytes end within a field");
    expect(() => outlineModel(Uint8Array.of(11))).toThrow("wire type 3 at byte 1");
    expect(() => outlineModel(new Uint8Array(0))).toThrow("no ONNX model");
  });
});
