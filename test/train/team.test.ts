import type { Tensor } from "@tensorflow/tfjs";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { trace } from "../../src/engine/trace/trace.js";
import { foldIn, key, normal } from "../../src/random/index.js";
import type { CallSpec, ShardSpec } from "../../src/train/shard/spec.js";
import { team } from "../../src/train/shard/team.js";

const float = (...shape: number[]): { type: "float32"; shape: number[] } => ({ type: "float32", shape });
const program = (fn: (x: Tensor[]) => unknown, ...shapes: number[][]): CallSpec["program"] =>
  trace(
    fn,
    shapes.map((shape) => float(...shape)),
  ).program;

/** Rows `first` to `first + rows - 1` of noise [5, 7, 2]; `walk` leaves a state in the worker, which `read` returns. */
function shard(first: number, rows: number): ShardSpec {
  const draws = [
    { kind: "normal", buffer: "noise", salt: 3, outer: 5, total: 7, first, rows, inner: 2 },
  ] as const;
  const walk = program(([scale, noise]) => [noise.mul(scale)], [1], [5, rows, 2]);
  const read = program(([state, scale]) => [state.add(scale)], [5, rows, 2], [1]);
  return {
    buffers: {
      noise: { length: 10 * rows, where: "worker" },
      state: { length: 10 * rows, where: "worker" },
      result: { length: 10 * rows },
    },
    calls: {
      walk: { program: walk, inputs: ["scale", "noise"], outputs: ["state"], draws },
      read: { program: read, inputs: ["state", "scale"], outputs: ["result"] },
    },
  };
}

describe("a team", () => {
  it("keeps arrays in its threads between calls, and draws rows of any axis by their place in the whole", async () => {
    const group = team({ shards: [shard(0, 4), shard(4, 3)], common: { scale: { length: 1 } } });
    group.common("scale")[0] = 2;
    const walk = group.run("walk", key(1));
    await expect(group.run("walk", key(1))).rejects.toThrow("is at work");
    await walk;
    group.common("scale")[0] = 100;
    await group.run("read");
    const whole = normal(foldIn(key(1), 3), 70);
    for (const [s, first, rows] of [
      [0, 0, 4],
      [1, 4, 3],
    ] as const) {
      // prettier-ignore
      const result = group.view(s, "result");
      for (let o = 0; o < 5; o++) {
        for (let i = 0; i < 2 * rows; i++) {
          const expected = Math.fround(2 * Math.fround(whole[o * 14 + first * 2 + i])) + 100;
          expect(result[o * rows * 2 + i]).toBeCloseTo(expected, 4);
        }
      }
    }
    await group.close();
    await expect(group.run("read")).rejects.toThrow("closed");
  });

  it("refuses calls and buffers that do not fit, by name", async () => {
    const one = shard(0, 7);
    const common = { scale: { length: 1 } };
    const changed = (call: Partial<CallSpec>, buffers = one.buffers): (() => unknown) => {
      return () => team({ shards: [{ buffers, calls: { walk: { ...one.calls.walk, ...call } } }], common });
    };
    expect(changed({ inputs: ["scale"] })).toThrow(
      "shards[0].calls.walk.inputs: expected 2 names of buffers",
    );
    expect(changed({ inputs: ["scale", "nois"] })).toThrow('did you mean "noise"?');
    expect(changed({ outputs: ["noise"] })).toThrow("buffers that are written once and not read");
    expect(changed({}, { ...one.buffers, noise: { length: 9 } })).toThrow(
      "expected 70 entries of type float32",
    );
    expect(() => team({ shards: [] })).toThrow("shards: expected at least one shard");
    const group = team({ shards: [one], common });
    await expect(group.run("wlak")).rejects.toThrow('did you mean "walk"?');
    expect(() => group.view(0, "state")).toThrow("one of result");
    expect(() => group.view(1, "result")).toThrow("shard: expected");
    expect(() => group.common("scal")).toThrow('did you mean "scale"?');
  });
});

it("a process that trained ends by itself, with its threads", () => {
  const dist = new URL("../../dist/", import.meta.url).href;
  const code = `
    const { fit, rows } = await import("${dist}train/index.js");
    const { key } = await import("${dist}random/index.js");
    const data = Float64Array.from({ length: 100 }, (_, i) => i / 100);
    const { params } = await fit({
      loss: (p, { x }) => x.sub(p).square().mean(), batch: { size: 10, inputs: { x: rows(data, 1) } },
      params: new Float32Array(1), key: key(1), numSteps: 3, shards: 2,
    });
    console.log(params.length);`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
    timeout: 55_000,
  });
  expect(run).toMatchObject({ status: 0, stdout: "1\n", stderr: "" });
});
