import { checkInteger, checkKeys, checkPositive } from "../core/checks.js";
import type { Progress } from "../core/progress.js";
import { resample } from "../linalg/index.js";
import { navierStokes as solver } from "../pde/index.js";
import { foldIn, type Key } from "../random/index.js";
import { cache, sha256 } from "../store/index.js";
import { drawModes, fieldsOf, periodicCovariance, type FieldCovariance } from "../targets/fields/index.js";
import { fieldsFrom, type Fields } from "./fields/draws.js";

/** Options of `navierStokes`. */
export interface NavierStokesDataOptions {
  readonly count: number;
  /** Points an axis, a power of two. */
  readonly size: number;
  /** Folder where finished stretches are kept, so that an interrupted run goes on after the last of them. */
  readonly folder?: string;
  /** ν; default 1/500. */
  readonly viscosity?: number;
  /** T; default 5. */
  readonly time?: number;
  /** Length of a step; default 0.02 up to 64 points an axis and 1.28/size beyond: Heun's method bounds speed × wavenumber × step. */
  readonly dt?: number;
  /** Law of the forcing; default 27² (-Δ + 9)^{-4}. */
  readonly forcing?: FieldCovariance;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** Fields of vorticity at time T, each under a random forcing of its own. */
export interface FlowData extends Fields {
  /** SHA-256 of the values. */
  readonly checksum: string;
}

/** Version of the numbers: goes up when the same options give others. */
const VERSION = 1;
/** Flows in a stretch. */
const STRETCH = 32;
/** Coarsest grid that is solved on; smaller ones are cut out of it. */
const RESOLVED = 64;

/**
 * Solutions of the vorticity equation at rest at time 0 under Gaussian random forcings: w(T) on [0, 2π]², the push-forward that the
 * flow experiment learns. Flow i has the same forcing on every grid.
 *
 * Finished stretches are kept under what they depend on, with their checksums. Source: Li et al. (2021) for the set-up; s = 27 from its
 * sampler's default amplitude.
 * @throws ArgumentError; UnstableStepError; FileError
 */
export async function navierStokes(key: Key, options: NavierStokesDataOptions): Promise<FlowData> {
  checkKeys("options", options, [
    "count",
    "size",
    "folder",
    "viscosity",
    "time",
    "dt",
    "forcing",
    "onProgress",
    "signal",
  ]);
  const { count, size, folder, viscosity = 1 / 500, time = 5, onProgress, signal } = options;
  const { dt = (0.02 * RESOLVED) / Math.max(size, RESOLVED) } = options;
  const { forcing = periodicCovariance({ dim: 2, alpha: 4, tau: 3, scale: 27 }) } = options;
  checkInteger("count", count, { min: 1 });
  checkPositive("time", time);
  const grid = Math.max(size, RESOLVED);
  const kept = folder === undefined ? undefined : cache(folder);
  const values = new Float64Array(count * size * size);
  const law = sha256(new Uint8Array(forcing.eigenvalues(grid).buffer));
  for (let first = 0; first < count; first += STRETCH) {
    signal?.throwIfAborted();
    const flows = Math.min(STRETCH, count - first);
    const solve = async (): Promise<Float64Array> => {
      const modes = drawModes(forcing, foldIn(key, first / STRETCH), flows, grid);
      const f = fieldsOf(modes, forcing, grid);
      const flow = solver({ size: grid, viscosity, forcing: f, dt });
      const end = await flow.advance(flow.init(new Float64Array(f.length)), time, {
        ...(signal && { signal }),
      });
      const own = Float64Array.from(end.vorticity);
      return grid === size ? own : resample(own, { basis: "fourier", size: grid, dim: 2 }, size);
    };
    const entry = {
      what: "navier-stokes",
      version: VERSION,
      key,
      first,
      flows,
      size,
      viscosity,
      time,
      dt,
      law,
    };
    values.set(
      kept === undefined ? await solve() : (await kept.cached(entry, solve)).value,
      first * size * size,
    );
    onProgress?.({ done: first + flows, total: count });
  }
  return { ...fieldsFrom(values, size, 2), checksum: sha256(new Uint8Array(values.buffer)) };
}
