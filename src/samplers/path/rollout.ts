import type { Tensor } from "@tensorflow/tfjs";
import { scan, tf } from "../../engine/index.js";
import type { ParamTensors } from "../../nets/index.js";
import { columnTensors, type Columns, type Limits, type PathModel } from "./model.js";
import { TRUNCATION } from "./schemes/scheme.js";

/** Random numbers of a batch of paths. */
export interface Draws {
  /** Two normals a coordinate of the first points: [B, 2 dim]. */
  readonly first: Tensor;
  /** Normals of the steps: [N, B, dim]. */
  readonly steps: Tensor;
  /** A constant drift a path, in the SDE's units, by which the steps' noise is moved: [B, dim]. */
  readonly drift?: Tensor;
}

/** A batch of paths. */
export interface Rollout {
  /** Last points [B, dim]. */
  readonly x: Tensor;
  /** RND without its stochastic integral, [B]; the whole of it where `together` was asked for. */
  readonly running: Tensor;
  /** The stochastic integral, [B]. */
  readonly ito: Tensor;
  /** Points before every step, and what was kept there: [N, B, dim] each. */
  readonly points: Tensor;
  readonly kept: readonly Tensor[];
}

interface Carry {
  readonly x: Tensor;
  readonly running: Tensor;
  readonly ito: Tensor | readonly never[];
}

interface Step {
  readonly noise: Tensor;
  readonly at: Columns;
  readonly codes: readonly Tensor[];
}

/**
 * Simulate a batch as one loop, in tensor operations; differentiable, at the memory of its points.
 * @param together add the stochastic integral to the rest at once, which is cheaper
 */
export function rollout(
  model: PathModel,
  params: ParamTensors,
  draws: Draws,
  limits: Limits,
  together = false,
): Rollout {
  const at = columnTensors(model.columns);
  const codes = model.encode(params, at, limits);
  const noise = scaledNoise(draws, at);
  const x0 = firstPoints(model, draws.first);
  const none = tf().zerosLike(x0);
  const body = ({ x, running, ito }: Carry, step: Step): readonly [Carry, Yield] => {
    const moved = model.step(params, { x, ...step }, limits);
    const cost = running.add(together ? moved.running.add(moved.ito) : moved.running);
    const integral = together ? [] : (ito as Tensor).add(moved.ito);
    return [
      { x: moved.x, running: cost, ito: integral },
      { x, kept: moved.kept },
    ];
  };
  const start: Carry = { x: x0, running: none, ito: together ? [] : none };
  const [end, path] = scan(body, start, { noise, at, codes });
  const running = end.running.sum(1).add(endCosts(model, x0, end.x));
  return {
    x: end.x,
    running: model.ofNoise === undefined ? running : running.add(model.ofNoise(noise, at)),
    ito: together ? tf().zeros([x0.shape[0]]) : (end.ito as Tensor).sum(1),
    points: path.x,
    kept: path.kept,
  };
}

interface Yield {
  readonly x: Tensor;
  readonly kept: readonly Tensor[];
}

/** What steps add to x besides their drift: noise (ξ + clock e), [N, B, dim]. */
export function scaledNoise({ steps, drift }: Pick<Draws, "steps" | "drift">, at: Columns): Tensor {
  const moved = drift === undefined ? steps : steps.add(drift.expandDims(0).mul(at.clock));
  return moved.mul(at.noise);
}

/** First points from normals: of two in a coordinate the first that is inside of the central mass. */
export function firstPoints({ start, dim, variance }: PathModel, normals: Tensor): Tensor {
  const rows = normals.shape[0];
  if (start === "origin") return tf().zeros([rows, dim]);
  const [first, second] = tf().split(normals, 2, 1);
  const scale = Math.sqrt(variance);
  if (start === "normal") return first.mul(scale);
  const inside = (z: Tensor, otherwise: Tensor): Tensor =>
    tf().where(z.abs().lessEqual(TRUNCATION), z, otherwise);
  return inside(first, inside(second, tf().zerosLike(first))).mul(scale);
}

/** How many coordinates of first points lay outside of the central mass and were drawn again, [1]; undefined where none can. */
export function redrawnStarts({ start, dim }: PathModel, normals: Tensor): Tensor | undefined {
  if (start !== "truncated") return undefined;
  const first = normals.slice([0, 0], [normals.shape[0], dim]);
  return tf().cast(first.abs().greater(TRUNCATION), "float32").sum().reshape([1]);
}

/** The densities at the ends: of the reference law at the first or the last point, and of the target. */
export function endCosts(
  { reference, variance, target, constant }: PathModel,
  first: Tensor,
  last: Tensor,
): Tensor {
  const law = gaussian(reference === "first" ? first : last, variance);
  return law.sub(target.ops.logDensity(last)).add(constant);
}

/** log N(x; 0, variance I), [B]. */
function gaussian(x: Tensor, variance: number): Tensor {
  const dim = x.shape[1] as number;
  return x
    .square()
    .sum(1)
    .mul(-0.5 / variance)
    .sub((dim / 2) * Math.log(2 * Math.PI * variance));
}
