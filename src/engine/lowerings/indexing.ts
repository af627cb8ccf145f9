import { sizeOf } from "../../onnx/graph.js";
import { binary } from "../ir/algebra.js";
import { choose } from "../ir/functions.js";
import { expand, reshape } from "../ir/layout.js";
import { operand } from "../ir/materialise.js";
import { slice } from "../ir/pieces.js";
import type { Operand, Scope } from "../ir/scope.js";
import { normalAxis } from "../ir/shapes.js";
import { constant, uniform, type Value } from "../ir/value.js";
import { refuse } from "../trace/refusal.js";
import type { Lowerings } from "./lowering.js";

/** Reading and writing entries by index. */
export const indexing: Lowerings = {
  GatherNd: (s, { params, indices }) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return s.emit("GatherND", [operand(s, params), asInt64(s, indices)], params.type, shape);
  },
  GatherV2: (s, { x, indices }, a: { axis: number; batchDims: number }) => {
    if (a.batchDims !== 0) refuse("GatherV2 with batchDims", "use tf.gatherND");
    const axis = normalAxis(a.axis, x.shape.length);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return s.emit("Gather", [operand(s, x), operand(s, indices)], x.type, shape, { axis });
  },
  OneHot: (
    s,
    { indices },
    a: { depth: number; onValue: number; offValue: number; dtype: "float32" | "int32" | "bool" },
  ) => {
    const places = constant(
      Int32Array.from({ length: a.depth }, (_, i) => i),
      [a.depth],
      "int32",
    );
    const hit = binary(s, "Equal", reshape(indices, [...indices.shape, 1]), places, "bool");
    const type = a.dtype === "int32" ? "int32" : "float32";
    return choose(s, hit, uniform(a.onValue, [], type), uniform(a.offValue, [], type));
  },
  ScatterNd: (s, { indices, updates }, a: { shape: number[] }) => scatterAdd(s, indices, updates, a.shape),
  TopK: (s, { x }, a: { k: number; sorted: boolean }) => {
    const shape = [...x.shape.slice(0, -1), a.k];
    const count = s.constant(BigInt64Array.of(BigInt(a.k)), [1], "int64");
    const [values, places] = s.emitMany("TopK", [operand(s, x), count], x.type, [shape, shape], {
      sorted: Number(a.sorted),
    });
    return [values, s.emit("Cast", [places], "int32", shape, { to: 6 })];
  },
  UnsortedSegmentSum: (s, { x, segmentIds }, a: { numSegments: number }) => {
    const ids = reshape(segmentIds, [sizeOf(segmentIds.shape)]);
    // Entries with a negative segment are dropped: they go to a row of their own that is cut off.
    const negative = binary(s, "Less", ids, uniform(0, [], "int32"), "bool");
    const rows = choose(s, negative, uniform(a.numSegments, [], "int32"), ids);
    const shape = [a.numSegments + 1, ...x.shape.slice(segmentIds.shape.length)];
    const values = reshape(x, [sizeOf(segmentIds.shape), ...shape.slice(1)]);
    const sums = scatterAdd(s, reshape(rows, [...rows.shape, 1]), values, shape);
    return slice(
      s,
      sums,
      shape.map(() => 0),
      [a.numSegments, ...shape.slice(1)],
    );
  },
};

function asInt64(scope: Scope, indices: Value): Operand {
  return scope.emit("Cast", [operand(scope, indices)], "int32", indices.shape, { to: 7 });
}

/** Sums of the updates that go to each place of a tensor of zeros. */
function scatterAdd(scope: Scope, indices: Value, updates: Value, shape: readonly number[]): Value {
  const zeros = operand(scope, expand(uniform(0, [], updates.type), shape));
  const operands = [zeros, asInt64(scope, indices), operand(scope, updates)];
  return scope.emit("ScatterND", operands, updates.type, shape, { reduction: "add" });
}
