import type { Tensor } from "@tensorflow/tfjs";
import { compile, grad, LoadedProgram, scan, valueAndGrad, type Program } from "../../src/engine/index.js";
import { mlp } from "../../src/nets/index.js";
import type { BenchRow } from "../harness.js";

const net = mlp({ sizes: [10, 64, 64, 10] });

type Inputs = Readonly<Record<"params" | "x" | "y", Tensor>>;

function traceStep(): Program {
  const step = ({ params, x, y }: Inputs): readonly Tensor[] => {
    const { value, gradient } = valueAndGrad((p: Tensor) => net.apply(p, x).sub(y).square().mean())(params);
    return [value, gradient];
  };
  const rows = { shape: [512, 10] };
  return compile(step, { params: { shape: [net.count] }, x: rows, y: rows }).program as Program;
}

function traceScan(): Program {
  const last = (params: Tensor, noise: Tensor): Tensor =>
    scan((x: Tensor, dw: Tensor) => [x.add(net.apply(params, x).mul(0.01)).add(dw), []], noise.slice(0, 1).reshape([512, 10]), noise)[0]; // prettier-ignore
  const step = ({ params, noise }: Readonly<Record<"params" | "noise", Tensor>>): Tensor =>
    grad((p: Tensor) => last(p, noise).square().mean())(params);
  return compile(step, { params: { shape: [net.count] }, noise: { shape: [200, 512, 10] } })
    .program as Program;
}

async function load(program: Program, cache: boolean): Promise<void> {
  await (await LoadedProgram.load(program, { cache })).dispose();
}

/** How long it takes until a program can run. */
export function startRows(): BenchRow[] {
  const program = traceStep();
  return [
    {
      id: "engine/compile",
      work: "trace a training step of a three-layer net and make its session",
      ours: () => load(traceStep(), false),
    },
    {
      id: "engine/load",
      work: "load the same step from the cache on disk",
      ours: () => load(program, true),
    },
    {
      id: "engine/compile-scan",
      work: "trace a recurrence of 200 steps with its adjoint and make its session",
      ours: () => load(traceScan(), false),
    },
  ];
}
