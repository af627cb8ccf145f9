import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { compile, medianSeconds, programGraph } from "../../src/engine/index.js";

describe("the graph of a program", () => {
  const f = compile(([w, x]: Tensor[]) => [(x as Tensor2D).matMul(w.reshape([2, 3])).exp().sum(), w.reshape([3, 2])], [
    { shape: [6] },
    { shape: [4, 2] },
  ]); // prettier-ignore

  it("joins operations to what they read, past what only arranges entries, and names inputs and outputs", () => {
    const nodes = programGraph(f.program!, { inputs: ["w", "x"], outputs: ["sum"] });
    expect(nodes.map(({ label, kind }) => [label, kind])).toEqual([
      ["w", "input"],
      ["x", "input"],
      ["Gemm", "matrix product"],
      ["Exp", "function"],
      ["Sum", "sum"],
      ["sum", "output"],
      [f.program!.outputs[1].name, "output"],
    ]);
    const labelOf = new Map(nodes.map(({ name, label }) => [name, label]));
    expect(nodes.map(({ from }) => from.map((name) => labelOf.get(name)))).toEqual(
      [[], [], ["x", "w"], ["Gemm"], ["Exp"], ["Sum"], ["w"]], // prettier-ignore
    );
  });

  it("leaves inputs out that have an empty name", () => {
    const nodes = programGraph(f.program!, { inputs: [""] });
    expect(nodes.find(({ label }) => label === "Gemm")?.from).toHaveLength(1);
    expect(nodes.at(-1)?.from).toEqual([]);
  });
});

it("the median time is that of the middle run, warm-ups left out", async () => {
  let runs = 0;
  const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
  const seconds = await medianSeconds(() => pause([200, 1, 60, 400][runs++]), { rounds: 3 });
  expect(runs).toBe(4);
  // Of 1, 60 and 400 ms; timers are never early by more than a millisecond.
  expect(seconds).toBeGreaterThan(0.058);
  await expect(medianSeconds(() => 0, { rounds: 0 })).rejects.toThrow("rounds");
});
