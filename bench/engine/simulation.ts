import type { Tensor } from "@tensorflow/tfjs";
import { compile, scan, tf, type Program } from "../../src/engine/index.js";
import { fourierMlp, timeNet } from "../../src/nets/index.js";
import { key, normal } from "../../src/random/index.js";
import { team, type ShardSpec } from "../../src/train/index.js";
import type { BenchRow } from "../harness.js";

const STEPS = 200;
const CLIP = 10;
const SPREAD = 0.3;
const control = fourierMlp({ dim: 2 });
const guidance = timeNet({ initial: 1 });
const CENTRES = [-5, 0, 5].flatMap((a) => [-5, 0, 5].map((b) => [a, b]));

type Inputs = Readonly<Record<"control" | "guidance" | "start" | "noise", Tensor>>;

/** The score of nine Gaussians with equal weights. */
function score(x: Tensor): Tensor {
  const centres = tf().tensor2d(CENTRES);
  const logits = x.matMul(centres.transpose().div(SPREAD)).sub(
    centres
      .square()
      .sum(1)
      .div(2 * SPREAD),
  );
  return logits.softmax().matMul(centres).sub(x).div(SPREAD);
}

/** Forward simulation of DIS with its running cost: last points and costs, paths and guides. What depends on time alone is outside of the loop. */
function simulate({ control: p, guidance: q, start, noise }: Inputs): readonly Tensor[] {
  const h = 1 / STEPS;
  const t = tf().range(0, STEPS).div(STEPS).reshape([STEPS, 1]);
  const beta = t.mul(-9.9).add(10);
  const sigma = beta.sqrt();
  const share = guidance.apply(q, t).clipByValue(-CLIP, CLIP).mul(sigma);
  const moved = noise.mul(sigma.expandDims(2));
  const entries = [noise, moved, control.embed(p, t), share, t, beta.mul(h / 2).add(1), sigma.mul(h)];
  const step = ([x, cost]: Tensor[], [dw, z, e, s, time, keep, gain]: Tensor[]): [Tensor[], Tensor[]] => {
    const guide = score(x).add(x).mul(time).sub(x).clipByValue(-CLIP, CLIP);
    const u = control
      .body(p, x, e.reshape([1, 64]))
      .clipByValue(-CLIP, CLIP)
      .add(guide.mul(s));
    const spent = u.mul(u.mul(h / 2).add(dw));
    return [
      [x.mul(keep).add(u.mul(gain)).add(z), cost.add(spent)],
      [x, guide],
    ];
  };
  const [[last, costs], kept] = scan<Tensor[], Tensor[], Tensor[]>(
    step,
    [start, tf().zerosLike(start)],
    entries,
  );
  return [last, costs.sum(1), ...kept];
}

/** The first pass of a log-variance step, on two threads. */
export function simulationRow(paths: number): BenchRow {
  const half = paths / 2;
  const example = {
    control: { shape: [control.count] },
    guidance: { shape: [guidance.count] },
    start: { shape: [half, 2] },
    noise: { shape: [STEPS, half, 2] },
  };
  const program = compile(simulate, example).program as Program;
  const [inputs, outputs] = [Object.keys(example), ["last", "costs", "path", "guides"]];
  const shard: ShardSpec = {
    buffers: {
      start: { length: paths },
      noise: { length: STEPS * paths },
      last: { length: paths },
      costs: { length: half },
      path: { length: STEPS * paths, where: "worker" },
      guides: { length: STEPS * paths, where: "worker" },
    },
    calls: { simulate: { program, inputs, outputs } },
  };
  const group = team({ shards: [shard, shard], common: { control: { length: control.count }, guidance: { length: guidance.count } } }); // prettier-ignore
  group.common("control").set(control.init(key(1)));
  group.common("guidance").set(guidance.init(key(2)));
  for (const s of [0, 1]) {
    group.view(s, "start").set(normal(key(s), paths));
    group.view(s, "noise").set(normal(key(10 + s), STEPS * paths).map((z) => z / Math.sqrt(STEPS)));
  }
  return {
    id: `engine/simulation-${paths}`,
    work: `${paths} paths of ${STEPS} steps of DIS on nine Gaussians, paths and guides kept, noise given`,
    ours: () => group.run("simulate"),
    peers: { jax: { module: "jax_engine", name: "simulation", args: { paths, steps: STEPS } } },
  };
}
