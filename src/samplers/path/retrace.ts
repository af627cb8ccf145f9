import type { Tensor } from "@tensorflow/tfjs";
import { scan, tf } from "../../engine/index.js";
import type { ParamTensors } from "../../nets/index.js";
import { columnTensors, type Columns, type Limits, type PathModel } from "./model.js";
import { endCosts } from "./rollout.js";

/** A batch of paths that were given backwards from their ends. */
export interface Retraced {
  /** RND, [B]. */
  readonly rnd: Tensor;
  /** Points before every step, the noise ξ that the control sees there, and what was kept: [N, B, dim] each. */
  readonly points: Tensor;
  readonly noise: Tensor;
  readonly kept: readonly Tensor[];
}

/**
 * Paths of the uncontrolled process given their ends, x_k = back_k x_{k+1} + spread_k η_k, and their RND under the control: with
 * ξ_k = (x_{k+1} - keep x_k - gain s(x_k))/noise the same sums as of a path that the control has drawn itself.
 * @param ends [B, dim]
 * @param eta standard normals [N, B, dim], the last step's first
 */
export function retrace(
  model: PathModel,
  params: ParamTensors,
  { ends, eta }: { readonly ends: Tensor; readonly eta: Tensor },
  limits: Limits,
): Retraced {
  const at = columnTensors(model.columns);
  const codes = model.encode(params, at, limits);
  const points = backwards(ends, eta, at);
  const next = tf().concat([points.slice([1, 0, 0]), ends.expandDims(0)], 0);
  const body = (sum: Tensor, step: { x: Tensor; next: Tensor; at: Columns; codes: Tensor[] }) => {
    const moved = model.stepTo!(params, step, limits);
    return [sum.add(moved.running.add(moved.ito)), { noise: moved.noise, kept: moved.kept }] as const;
  };
  const [sum, along] = scan(body, tf().zerosLike(ends), { x: points, next, at, codes });
  const first = points.slice([0, 0, 0], [1, ...ends.shape]).reshape(ends.shape);
  const running = sum.sum(1).add(endCosts(model, first, ends));
  const rnd = model.ofNoise === undefined ? running : running.add(model.ofNoise(along.noise, at));
  return { rnd, points, noise: along.noise.div(at.noise), kept: along.kept };
}

/** Points before every step, [N, B, dim], in the order of the steps. */
function backwards(ends: Tensor, eta: Tensor, { back, spread }: Columns): Tensor {
  const order = { eta, back: back.reverse(0), spread: spread.reverse(0) };
  const body = (x: Tensor, step: typeof order): [Tensor, Tensor] => {
    const before = x.mul(step.back).add(step.eta.mul(step.spread));
    return [before, before];
  };
  return scan(body, ends, order)[1].reverse(0);
}
