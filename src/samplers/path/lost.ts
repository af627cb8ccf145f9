import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../../engine/index.js";
import { foldIn, normal } from "../../random/index.js";
import type { Lost } from "./losses/log-variance.js";
import { pathDraws } from "./losses/shards.js";
import type { PathModel } from "./model.js";
import { rollout, type Draws } from "./rollout.js";

/** A path without a finite RND. */
export interface LostPath {
  /** Training step, and the path's place in its batch. */
  readonly step: number;
  readonly place: number;
  /** The last point of the path that is finite. */
  readonly point: Float64Array;
  /** What is not finite there, or "control" where the target is finite but the path still left. */
  readonly cause: "score" | "log density" | "control";
}

/** Simulate the first lost path of a step again, from its own noise, to see where it was lost. */
export function firstLost(model: PathModel, params: Float32Array, lost: Lost, numPaths: number): LostPath {
  let found: LostPath | undefined;
  tf().tidy(() => {
    found = trace(model, params, lost, numPaths);
  });
  return found!;
}

function trace(model: PathModel, params: Float32Array, lost: Lost, numPaths: number): LostPath {
  const module = tf();
  const place = lost.places[0];
  const draws = drawsOf(model, lost, place, numPaths);
  const path = rollout(model, module.tensor1d(params), draws, { clip: module.tensor1d([1e4]) });
  const point = lastFinite([...path.points.dataSync(), ...path.x.dataSync()], model.dim);
  const x = module.tensor2d(Float32Array.from(point), [1, model.dim]);
  const finite = (y: Tensor): boolean => Array.from(y.dataSync()).every(Number.isFinite);
  const { score, logDensity } = model.target.ops;
  const cause = !finite(score(x)) ? "score" : finite(logDensity(x)) ? "control" : "log density";
  return { step: lost.step, place, point, cause };
}

function lastFinite(points: readonly number[], dim: number): Float64Array {
  let last = 0;
  for (let at = 0; at < points.length && points.slice(at, at + dim).every(Number.isFinite); at += dim) {
    last = at;
  }
  return Float64Array.from(points.slice(last, last + dim));
}

/** The random numbers of one path among those of its batch. */
function drawsOf(model: PathModel, { context, drift }: Lost, place: number, total: number): Draws {
  const { dim, numSteps } = model;
  const found: Record<string, Float32Array> = {};
  for (const { buffer, salt, outer, inner } of pathDraws(
    model,
    { first: place, rows: 1 },
    total,
    drift > 0,
  )) {
    const key = foldIn(context.key, salt);
    const pieces = Array.from({ length: outer }, (_, o) => normal(key, inner, (o * total + place) * inner));
    found[buffer] = Float32Array.from(pieces.flatMap((piece) => [...piece]));
  }
  const first = found.first ?? new Float32Array(2 * dim);
  return {
    first: tf().tensor2d(first, [1, 2 * dim]),
    steps: tf().tensor3d(found.noise, [numSteps, 1, dim]),
    drift: drift > 0 ? tf().tensor2d(found.drift, [1, dim]).mul(drift) : undefined,
  };
}
