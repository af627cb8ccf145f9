import { fillNormal, foldIn, type Key } from "../random/index.js";

/** Fills `out` with the standard normal numbers of a step, counted from 0. */
export type NoiseSource = (step: number, out: Float64Array) => void;

/** Noise addressed by a key: step k is the stream of foldIn(key, k), and entry j of it depends on the key, k and j alone. */
export function keyedNoise(key: Key): NoiseSource {
  return (step, out) => fillNormal(foldIn(key, step), out);
}
