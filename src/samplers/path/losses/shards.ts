import { stretches, type Stretch } from "../../../train/batch-layout.js";
import type { NoiseDraw, Team } from "../../../train/index.js";
import type { PathModel } from "../model.js";

/** Rows of a shard beside whose work that of starting operations is small. */
const ROWS = 1024;
const MAX_SHARDS = 8;

/** Parts of a batch of paths, two or more: a function of its size alone, so that results do not depend on the machine. */
export function pathShards(numPaths: number, group = 1, shards?: number): Stretch[] {
  const wanted = shards ?? Math.min(MAX_SHARDS, Math.max(2, Math.round(numPaths / ROWS)));
  const groups = numPaths / group;
  return stretches(groups, Math.min(wanted, groups)).map(({ first, rows }) => {
    return { first: first * group, rows: rows * group };
  });
}

/** Children of a batch's key. */
export const SALTS = { first: 0, noise: 1, drift: 2, eta: 3, resample: 4 } as const;

/** The random numbers of one shard's paths, drawn where they are used, by key and place in the whole batch. */
export function pathDraws(
  { dim, numSteps, start }: PathModel,
  { first, rows }: Stretch,
  total: number,
  drift: boolean,
): NoiseDraw[] {
  const common = { kind: "normal", total, first, rows } as const;
  const draws: NoiseDraw[] = [{ ...common, buffer: "noise", salt: SALTS.noise, outer: numSteps, inner: dim }];
  if (start !== "origin")
    draws.push({ ...common, buffer: "first", salt: SALTS.first, outer: 1, inner: 2 * dim });
  if (drift) draws.push({ ...common, buffer: "drift", salt: SALTS.drift, outer: 1, inner: dim });
  return draws;
}

/** Coordinates of a batch's first points that the truncated law drew again. */
export function redrawn({ start }: PathModel, team: Team): number {
  if (start !== "truncated") return 0;
  return Array.from({ length: team.size }, (_, s) => team.view(s, "redrawn")[0]).reduce((a, b) => a + b, 0);
}

/** The random numbers of one shard's replayed paths. */
export function replayDraw({ dim, numSteps }: PathModel, { first, rows }: Stretch, total: number): NoiseDraw {
  return { kind: "normal", buffer: "eta", salt: SALTS.eta, outer: numSteps, inner: dim, total, first, rows };
}

/** The largest divisor of `numSteps` whose steps have at most `rows` rows together: as many as a thread's cache takes. */
export function chunkSteps(numSteps: number, pathsPerShard: number, rows = 1024): number {
  const most = Math.max(1, Math.floor(rows / pathsPerShard));
  for (let m = Math.min(most, numSteps); m > 1; m--) if (numSteps % m === 0) return m;
  return 1;
}
