import type { Tensor } from "@tensorflow/tfjs";
import { grad, scan, tf } from "../../../engine/index.js";
import { unflatten } from "../../../nets/index.js";
import { columnTensors, type PathModel } from "../model.js";
import { scaledNoise } from "../rollout.js";
import { chunkSteps } from "./shards.js";

/** What the second pass of the log-variance loss reads. */
export interface RegressInputs {
  readonly params: Tensor;
  readonly settings: Tensor;
  readonly weights: Tensor;
  readonly points: Tensor;
  readonly noise: Tensor;
  readonly kept: Tensor[];
  readonly drift?: Tensor;
}

/** The gradient of Σ_i c_i Σ_k surrogate(x_ik) with respect to the parameters, chunks of steps one after the other. */
export function regression(model: PathModel, rows: number): (inputs: RegressInputs) => Tensor {
  const { numSteps, dim } = model;
  const m = chunkSteps(numSteps, rows);
  const chunked = (x: Tensor): Tensor => x.reshape([numSteps / m, m, ...x.shape.slice(1)]);
  return ({ params, settings, weights, points, noise, kept, drift }) => {
    const [clip, size] = tf().split(settings, 2);
    const at = columnTensors(model.columns);
    const spread = weights.reshape([rows, 1]).tile([1, dim]).reshape([1, rows, dim]);
    const whole = withoutLost(spread);
    const moved = scaledNoise({ steps: noise, drift: drift && drift.mul(size) }, at);
    const total = (vector: Tensor): Tensor => {
      const p = unflatten(model.spec, vector); // so that the loop adds up the gradients of what it reads, and of no more
      const chunks = {
        x: chunked(points),
        noise: chunked(moved),
        kept: kept.map(chunked),
        at: Object.fromEntries(Object.entries(at).map(([name, value]) => [name, chunked(value)])),
        codes: model.encode(p, at, { clip }).map(chunked),
      };
      const body = (carry: Tensor, chunk: typeof chunks): [Tensor, Tensor] => {
        const place = { ...chunk, x: whole(chunk.x), kept: chunk.kept.map(whole) };
        return [carry, model.surrogate(p, place, spread, { clip })];
      };
      const [, sums] = scan(body, tf().scalar(0), chunks);
      return sums.sum();
    };
    return grad(total)(params);
  };
}

/** Points of a lost path may not be finite, and 0 times such a number is none. Long rows make the choice fast. */
function withoutLost(weights: Tensor): (x: Tensor) => Tensor {
  const lost = weights.equal(0).reshape([1, -1]);
  return (x) => {
    const flat = x.reshape([x.shape[0], -1]);
    return tf().where(lost, tf().zerosLike(flat), flat).reshape(x.shape);
  };
}
