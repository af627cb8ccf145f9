import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger } from "../../core/checks.js";
import { compile, tf } from "../../engine/index.js";
import { foldIn, normal, type Key } from "../../random/index.js";
import { pathDraws } from "./losses/shards.js";
import type { PathModel } from "./model.js";
import { rollout } from "./rollout.js";

/** Whole paths. */
export interface Trajectories {
  /** N + 1 times, in the scheme's units. */
  readonly times: Float64Array;
  /** Points of every path at every time: n × (N + 1) × dim. */
  readonly points: Float64Array;
}

/** How whole paths are drawn. */
export interface TrajectoryOptions {
  readonly numPaths: number;
  readonly key: Key;
  /** Where controls and scores are clipped; default 1e4. */
  readonly clip?: number;
}

/** Draw whole paths of a trained model, to look at: all of them at once. @throws ArgumentError */
export async function drawTrajectories(
  model: PathModel,
  params: Float32Array,
  { numPaths, key, clip = 1e4 }: TrajectoryOptions,
): Promise<Trajectories> {
  checkInteger("numPaths", numPaths, { min: 1 });
  const { dim, numSteps } = model;
  const drawn: Record<string, Float32Array> = { first: new Float32Array(numPaths * 2 * dim) };
  for (const { buffer, salt, outer, inner } of pathDraws(
    model,
    { first: 0, rows: numPaths },
    numPaths,
    false,
  )) {
    drawn[buffer] = Float32Array.from(normal(foldIn(key, salt), outer * numPaths * inner));
  }
  const simulate = compile(
    ({ first, noise, params, limit }: Readonly<Record<string, Tensor>>): Tensor => {
      const { x, points } = rollout(model, params, { first, steps: noise }, { clip: limit });
      return tf()
        .concat([points, x.expandDims(0)], 0)
        .transpose([1, 0, 2]);
    },
    {
      first: { shape: [numPaths, 2 * dim] },
      noise: { shape: [numSteps, numPaths, dim] },
      params: { shape: [model.count] },
      limit: { shape: [1] },
    },
  );
  const points = await simulate({ ...drawn, params, limit: Float32Array.of(clip) });
  const { time } = model.columns;
  const end = time[numSteps - 1] + (numSteps > 1 ? time[numSteps - 1] - time[numSteps - 2] : 1);
  return { times: Float64Array.of(...time, end), points: Float64Array.from(points as Float32Array) };
}
