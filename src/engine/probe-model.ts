import { GraphBuilder } from "../onnx/builder.js";
import { OnnxSession } from "../onnx/session.js";

const ROWS = 8;
const COLUMNS = 16;
const TOLERANCE = 1e-3;

/** y = cumulative sums over rows of erf(x w): a product, a function and a loop, as learned programs have them. */
function model(): Uint8Array {
  const body = new GraphBuilder("body");
  const sum = body.node("Add", [
    body.input("sum", "float32", [COLUMNS]),
    body.input("row", "float32", [COLUMNS]),
  ]);
  body.output("next", sum, "float32", [COLUMNS]);
  body.output("seen", sum, "float32", [COLUMNS]);

  const builder = new GraphBuilder();
  const x = builder.input("x", "float32", [ROWS, COLUMNS]);
  const w = builder.constant(wave(COLUMNS * COLUMNS), [COLUMNS, COLUMNS]);
  const rows = builder.node("Erf", [builder.node("MatMul", [x, w])]);
  const zero = builder.constant(new Float32Array(COLUMNS));
  const attributes = { body: { graph: body.graph() }, num_scan_inputs: 1 };
  const [, all] = builder.nodeWithOutputs("Scan", [zero, rows], 2, attributes);
  builder.output("y", all, "float32", [ROWS, COLUMNS]);
  return builder.model();
}

function wave(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1 + i) / 2);
}

async function compute(provider: string): Promise<Float32Array> {
  const session = await OnnxSession.create(model(), { providers: [provider] });
  const x = { type: "float32", shape: [ROWS, COLUMNS], data: wave(ROWS * COLUMNS) } as const;
  const { y } = await session.run({ x });
  return y.data as Float32Array;
}

/**
 * Run a small model on an execution provider and compare it with the CPU's result.
 * @throws Error where the provider does not load or computes something else
 */
export async function verifyProvider(provider: string): Promise<void> {
  const [wanted, given] = [await compute("cpu"), await compute(provider)];
  const difference = Math.max(...wanted.map((value, i) => Math.abs(value - given[i])));
  if (!(difference < TOLERANCE)) throw new Error(`results differ from the CPU's by ${difference}`);
}
