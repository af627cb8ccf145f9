import { views, type Parametrised } from "../../../src/nets/index.js";
import { foldIn, normal, type Key } from "../../../src/random/index.js";
import type { Scheme } from "../../../src/samplers/path/index.js";
import type { Target } from "../../../src/targets/index.js";

/** The error function by its series and its continued fraction, to 1e-14. */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 1; n < 80 && Math.abs(term) > 1e-17; n++) sum += (term *= (-z * z) / n) / (2 * n + 1);
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
  }
  let tail = 0;
  for (let n = 60; n >= 1; n--) tail = n / 2 / (z + tail);
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + tail));
}

const gelu = (x: number): number => (x / 2) * (1 + erf(x / Math.SQRT2));

type Arrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float64Array }>>;

/** Parameters by name, in float64. */
export function named(net: Parametrised, params: Float64Array): Arrays {
  let at = 0;
  return Object.fromEntries(
    Object.entries(views(net.spec, new Float32Array(net.count))).map(([name, { shape, data }]) => {
      return [name, { shape, data: params.subarray(at, (at += data.length)) }];
    }),
  );
}

function layer(x: readonly number[], p: Arrays, name: string): number[] {
  const { data, shape } = p[`${name}.weight`];
  const bias = p[`${name}.bias`].data;
  const outputs = shape[1];
  return Array.from(bias, (b, j) => x.reduce((sum, value, i) => sum + value * data[i * outputs + j], b));
}

function features(t: number, phases: Float64Array): number[] {
  const angles = Array.from(phases, (phase, j) => (0.1 + (99.9 * j) / 63) * t + phase);
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}

const clip = (x: number, c: number): number => Math.min(c, Math.max(-c, x));

/** The published control in float64, written from its formulas: s at one point. */
export function publishedReference(p: Arrays, form: "score" | "lerp", c: number) {
  return (
    x: readonly number[],
    score: readonly number[],
    t: number,
    sigma: number,
    tau: number,
  ): number[] => {
    const e = layer(layer(features(t, p["net.time.features.phases"].data), p, "net.time.body.layers.0").map(gelu), p, "net.time.body.layers.1"); // prettier-ignore
    let z = layer(x, p, "net.input").map((value, j) => value + e[j]);
    for (let l = 0; l < 3; l++) z = layer(z.map(gelu), p, `net.body.layers.${l}`);
    let g = features(t, p["gate.features.phases"].data);
    for (let l = 0; l < 4; l++) g = layer(l === 0 ? g : g.map(gelu), p, `gate.body.layers.${l}`);
    const s = clip(g[0], c);
    if (form === "score") return z.map((value, j) => (clip(value, c) + s * clip(score[j], c)) / sigma);
    return z.map((value, j) => clip(value, c) / sigma + s * clip((1 - tau) * -x[j] + tau * score[j], c));
  };
}

/** One path's noise in a batch, as the compiled step draws it. */
export function pathNoise(
  key: Key,
  scheme: Scheme,
  path: number,
  total: number,
): { first: number[]; steps: number[][] } {
  const { dim, numSteps } = scheme;
  const first = [...normal(foldIn(key, 0), 2 * dim, path * 2 * dim)].slice(0, dim);
  const steps = Array.from({ length: numSteps }, (_, k) => [
    ...normal(foldIn(key, 1), dim, (k * total + path) * dim),
  ]);
  return { first: scheme.start === "origin" ? first.map(() => 0) : first, steps };
}

/** A control at step k. */
export type PointControl = (x: readonly number[], k: number) => number[];

/**
 * RND of a path: simulated along `walk`, weighed with `judge`; the same for both is on policy, and derivatives of `judge` alone are those
 * with the path held.
 */
export function pathRnd(
  scheme: Scheme,
  target: Target,
  noise: { readonly first: readonly number[]; readonly steps: readonly number[][] },
  walk: PointControl,
  judge: PointControl = walk,
): { rnd: number; ito: number; x: number[] } {
  const { steps, dim, variance, reference, constant } = scheme;
  const law = (x: readonly number[]): number =>
    x.reduce((sum, v) => sum - (v * v) / (2 * variance), (-dim / 2) * Math.log(2 * Math.PI * variance));
  let x = [...noise.first];
  let [rnd, ito] = [constant + (reference === "first" ? law(x) : 0), 0];
  noise.steps.forEach((xi, k) => {
    const [w, u] = [walk(x, k), judge(x, k)];
    const gain = steps.gain[k];
    // With the path held, the judged control sees the noise that would have made the same move.
    const seen = xi.map((z, j) => z + (gain * (w[j] - u[j])) / steps.noise[k]);
    rnd += u.reduce((sum, s, j) => sum + steps.square[k] * s * s - steps.free[k] * seen[j] ** 2, 0);
    ito += u.reduce((sum, s, j) => sum + steps.cross[k] * s * seen[j], 0);
    x = x.map((value, j) => steps.keep[k] * value + gain * w[j] + steps.noise[k] * xi[j]);
  });
  rnd += (reference === "last" ? law(x) : 0) - target.logDensity(Float64Array.from(x))[0];
  return { rnd: rnd + ito, ito, x };
}

/** The points of a path that is run backwards from its end as the uncontrolled process would, its first point first. */
export function replayedPoints(
  scheme: Scheme,
  end: readonly number[],
  eta: readonly (readonly number[])[],
): number[][] {
  const { steps, numSteps } = scheme;
  const points = [[...end]];
  for (let k = numSteps - 1; k >= 0; k--) {
    points.unshift(
      points[0].map((value, j) => steps.back[k] * value + steps.spread[k] * eta[numSteps - 1 - k][j]),
    );
  }
  return points;
}

/** RND of a path that is given by its points. */
export function rndOfPoints(
  scheme: Scheme,
  target: Target,
  points: readonly (readonly number[])[],
  judge: PointControl,
): number {
  const { steps, numSteps } = scheme;
  const noises = Array.from({ length: numSteps }, (_, k) => {
    const s = judge(points[k], k);
    return points[k + 1].map(
      (value, j) => (value - steps.keep[k] * points[k][j] - steps.gain[k] * s[j]) / steps.noise[k],
    );
  });
  return pathRnd(scheme, target, { first: points[0], steps: noises }, judge).rnd;
}
