import { checkInteger, checkKeys, checkOneOf } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { bridge, bridgeScheme, type BridgeOptions } from "./bridge.js";
import { publishedControl } from "./control/published.js";
import { tamedControl, type TamedOptions } from "./control/tamed.js";
import { controlled } from "./controlled.js";
import type { CompilableTarget, PathModel } from "./model.js";
import { dds, ddsEuler } from "./schemes/dds.js";
import { dis } from "./schemes/dis.js";
import { disX } from "./schemes/dis-x.js";
import { pis } from "./schemes/pis.js";
import type { Scheme } from "./schemes/scheme.js";
import { simulatePaths, type SimulationOptions } from "./simulation.js";
import type { Paths } from "./simulate.js";
import { summarise, type PathSummary } from "./summary.js";
import { drawTrajectories, type Trajectories, type TrajectoryOptions } from "./trajectories.js";

/** Names of the samplers. */
export type PathMethod = "pis" | "dis" | "dds" | "dds-euler" | "dis-x" | "bridge";

/** What a sampler is made of, besides its target. */
export interface ModelOptions extends Pick<
  TamedOptions,
  "radius" | "damping" | "width" | "depth" | "base" | "without" | "scales"
> {
  readonly method: PathMethod;
  /** "tamed" (default), or the net of the published samplers. */
  readonly control?: "tamed" | "published";
  /** Of a bridge's backward control while it trains; evaluations take the exact one. Default "exact". */
  readonly divergence?: BridgeOptions["divergence"];
  /** The uncontrolled process of a bridge; default "constant". */
  readonly schedule?: BridgeOptions["schedule"];
  /** σ of PIS, DDS and bridges. */
  readonly sigma?: number;
  /** T of PIS, DDS and bridges. */
  readonly horizon?: number;
  /** Treat the target's score as a constant in derivatives of the KL losses; default false. */
  readonly detachScore?: boolean;
}

/** How paths are drawn. */
export interface DrawOptions extends SimulationOptions {
  /** By default those of the last training phase. */
  readonly numSteps?: number;
}

/** Paths, and what they are worth. */
export interface Evaluation extends Paths, PathSummary {}

/** A sampler with its parameters. */
export interface PathSampler<Info = undefined> {
  readonly params: Float32Array;
  readonly info: Info;
  /** Draw paths: last points, RND, and the stochastic integral in it. */
  draw(options: DrawOptions): Promise<Paths>;
  /**
   * Draw paths and say what they are worth. The lower bound of log Z is the mean of -RND, for Euler–Maruyama steps without the
   * stochastic integral, as published tables have it.
   */
  evaluate(options: DrawOptions): Promise<Evaluation>;
  /** Whole paths, to look at. */
  trajectories(options: TrajectoryOptions & { readonly numSteps?: number }): Promise<Trajectories>;
  /** The model on a time grid, to look into. */
  model(numSteps?: number): PathModel;
}

/**
 * A sampler from parameters, such as saved ones.
 * @throws ArgumentError for parameters of another model
 */
export function pathSampler(
  target: CompilableTarget,
  options: ModelOptions & { readonly numSteps: number },
  params: Float32Array,
): PathSampler {
  const { numSteps: usual, ...rest } = options;
  const { count } = modelOf(target, rest, usual);
  if (!(params instanceof Float32Array) || params.length !== count) {
    throw new ArgumentError("params", params, `a Float32Array of ${count} parameters`);
  }
  const exactly = { ...rest, ...(rest.method === "bridge" ? { divergence: "exact" as const } : {}) };
  const model = (numSteps = usual): PathModel => modelOf(target, exactly, numSteps);
  const clip = rest.control === "published" ? 250 : 1e4;
  const draw = ({ numSteps, ...how }: DrawOptions): Promise<Paths> =>
    simulatePaths(model(numSteps), params, { clip, ...how });
  return {
    params,
    info: undefined,
    model,
    draw,
    evaluate: async (how) => {
      const paths = await draw(how);
      return { ...paths, ...summarise(paths, model(how.numSteps).exact) };
    },
    trajectories: ({ numSteps, ...how }) => drawTrajectories(model(numSteps), params, { clip, ...how }),
  };
}

/** The scheme of a sampler's name on a grid. @throws ArgumentError for an unknown name */
export function schemeOf(
  method: Exclude<PathMethod, "bridge">,
  dim: number,
  numSteps: number,
  given: { readonly sigma?: number; readonly horizon?: number } = {},
): Scheme {
  checkOneOf("method", method, ["pis", "dis", "dds", "dds-euler", "dis-x"]);
  checkInteger("numSteps", numSteps, { min: 1 });
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (method === "pis") return pis({ dim, numSteps, ...own });
  if (method === "dds") return dds({ dim, numSteps, ...own });
  checkKeys(method, own, []);
  if (method === "dis") return dis({ dim, numSteps });
  return method === "dis-x" ? disX({ dim, numSteps }) : ddsEuler({ dim, numSteps });
}

/** Scheme, control and target put together on a grid. @throws ArgumentError */
export function modelOf(target: CompilableTarget, options: ModelOptions, numSteps: number): PathModel {
  const { method, control = "tamed", schedule, sigma, horizon, detachScore, divergence, ...tamed } = options;
  checkOneOf("control", control, ["tamed", "published"]);
  if (method === "bridge") {
    const common = { numSteps, schedule, sigma, horizon, divergence };
    return bridge(target, { ...common, ...bridgePair(target.dim, options) });
  }
  const scheme = schemeOf(method, target.dim, numSteps, { sigma, horizon });
  if (control === "tamed") return controlled(scheme, tamedControl(scheme, tamed), target, { detachScore });
  const form = scheme.pull ? "lerp" : "score";
  return controlled(scheme, publishedControl({ dim: target.dim, form }), target, { detachScore });
}

/** Forward and backward control of a bridge; the backward one sees the point alone. */
function bridgePair(
  dim: number,
  { control, schedule, sigma, horizon, ...rest }: ModelOptions,
): Pick<BridgeOptions, "forward" | "backward"> {
  if (control === "published") {
    return {
      forward: publishedControl({ dim, form: "target" }),
      backward: publishedControl({ dim, form: "prior" }),
    };
  }
  const { base, radius, scales, damping, width, depth, without } = rest;
  const scheme = bridgeScheme(dim, { numSteps: 1, schedule, sigma, horizon });
  const tamed = { radius, scales, damping, width, depth, without };
  return {
    forward: tamedControl(scheme, { ...tamed, base }),
    backward: tamedControl({ ...scheme, pull: false }, { ...tamed, base: "zero" }),
  };
}
