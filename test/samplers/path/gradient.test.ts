import { describe, expect, it } from "vitest";
import { foldIn, key, normal } from "../../../src/random/index.js";
import {
  controlled,
  dds,
  disX,
  dis,
  kullbackLeiblerStep,
  logVarianceStep,
  pis,
  publishedControl,
  type Scheme,
} from "../../../src/samplers/path/index.js";
import { gaussianMixture } from "../../../src/targets/index.js";
import { resample } from "../../../src/samplers/path/losses/resample.js";
import { SALTS } from "../../../src/samplers/path/losses/shards.js";
import {
  named,
  pathNoise,
  pathRnd,
  publishedReference,
  replayedPoints,
  rndOfPoints,
  type PointControl,
} from "./reference.js";

const target = gaussianMixture({ means: [[-1, 0.5], [1.5, 1]], variances: 0.4 }); // prettier-ignore
const CLIP = 1e4;
const NUM_PATHS = 4;
const STEP_KEY = key(7);

const SCHEMES = {
  pis: pis({ dim: 2, numSteps: 4 }),
  dis: dis({ dim: 2, numSteps: 4 }),
  "dis-x": disX({ dim: 2, numSteps: 4 }),
};

function modelOf(scheme: Scheme) {
  const form = scheme.pull ? "lerp" : "score";
  const control = publishedControl({ dim: 2, form });
  const model = controlled(scheme, control, target);
  // Everything away from its zero start.
  const start = model.init(key(1));
  const moves = normal(key(2), model.count);
  const params = start.map((value, i) => value + 0.05 * moves[i]);
  const controlAt = (values: Float64Array): PointControl => {
    const of = publishedReference(named(control, values), form, CLIP);
    const { time, sigma, progress } = scheme.times;
    return (x, k) => of(x, [...target.score(Float64Array.from(x))], time[k], sigma[k], progress[k]);
  };
  return { model, params, controlAt };
}

/** One parameter of every tensor. */
function chosen(spec: readonly { readonly shape: readonly number[] }[]): number[] {
  let at = 0;
  return spec.map(({ shape }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    at += size;
    return at - 1 - Math.floor(size / 3);
  });
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
}

/** Central differences of `loss` at the chosen parameters against a gradient. */
function compare(
  params: Float32Array,
  gradient: Float32Array,
  places: readonly number[],
  loss: (p: Float64Array) => number,
) {
  const largest = Math.max(...places.map((i) => Math.abs(gradient[i])));
  for (const i of places) {
    const at = (shift: number): number => {
      const moved = Float64Array.from(params);
      moved[i] += shift;
      return loss(moved);
    };
    const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
    expect(Math.abs(gradient[i] - slope), `parameter ${i}: ${gradient[i]} for ${slope}`).toBeLessThan(
      2e-4 * Math.abs(slope) + 2e-5 * largest,
    );
  }
}

describe("gradients against finite differences of a float64 implementation", () => {
  for (const [name, scheme] of Object.entries(SCHEMES)) {
    it(`log-variance, ${name}: paths held`, async () => {
      const { model, params, controlAt } = modelOf(scheme);
      const step = logVarianceStep(model, { numPaths: NUM_PATHS, shards: 2, clipAt: () => CLIP });
      const { loss, gradient } = await step.run(params, { step: 0, key: STEP_KEY });
      const noises = Array.from({ length: NUM_PATHS }, (_, p) => pathNoise(STEP_KEY, scheme, p, NUM_PATHS));
      const walk = controlAt(Float64Array.from(params));
      const rnds = (judge: PointControl): number[] =>
        noises.map((noise) => pathRnd(scheme, target, noise, walk, judge).rnd);
      expect(loss).toBeCloseTo(variance(rnds(walk)) / 2, 3);
      compare(params, gradient, chosen(model.spec), (p) => variance(rnds(controlAt(p))) / 2);
      await step.close?.();
    });
  }

  it("log-variance within groups of paths that share their first point", async () => {
    const scheme = SCHEMES.dis;
    const { model, params, controlAt } = modelOf(scheme);
    const group = 2;
    const step = logVarianceStep(model, { numPaths: NUM_PATHS, shards: 2, clipAt: () => CLIP, group });
    const { loss, gradient } = await step.run(params, { step: 0, key: STEP_KEY });
    const noises = Array.from({ length: NUM_PATHS }, (_, p) => {
      const { first } = pathNoise(STEP_KEY, scheme, p - (p % group), NUM_PATHS);
      return { first, steps: pathNoise(STEP_KEY, scheme, p, NUM_PATHS).steps };
    });
    const walk = controlAt(Float64Array.from(params));
    const within = (judge: PointControl): number => {
      const rnds = noises.map((noise) => pathRnd(scheme, target, noise, walk, judge).rnd);
      return (variance(rnds.slice(0, 2)) + variance(rnds.slice(2))) / 2 / 2;
    };
    expect(loss).toBeCloseTo(within(walk), 3);
    compare(
      params,
      gradient,
      chosen(model.spec).filter((_, i) => i % 3 === 0),
      (p) => within(controlAt(p)),
    );
    await step.close?.();
  });

  for (const [name, scheme] of Object.entries({ ...SCHEMES, dds: dds({ dim: 2, numSteps: 4 }) })) {
    it(`log-variance, ${name}: replayed paths have their share`, async () => {
      const { model, params, controlAt } = modelOf(scheme);
      const how = { numPaths: NUM_PATHS, shards: 2, clipAt: () => CLIP, replay: 0.75 };
      const step = logVarianceStep(model, how);
      const { loss, gradient } = await step.run(params, { step: 0, key: STEP_KEY });
      const all = Array.from({ length: NUM_PATHS }, (_, p) => p);
      const noises = all.map((p) => pathNoise(STEP_KEY, scheme, p, NUM_PATHS));
      const walk = controlAt(Float64Array.from(params));
      const drawn = noises.map((noise) => pathRnd(scheme, target, noise, walk));
      const places = resample(Float32Array.from(drawn, ({ rnd }) => rnd), NUM_PATHS, foldIn(STEP_KEY, SALTS.resample)); // prettier-ignore
      const paths = all.map((p) => {
        const eta = all.map((k) => [...normal(foldIn(STEP_KEY, SALTS.eta), 2, (k * NUM_PATHS + p) * 2)]);
        return replayedPoints(scheme, drawn[places[p]].x, eta);
      });
      const own = (judge: PointControl): number =>
        variance(noises.map((noise) => pathRnd(scheme, target, noise, walk, judge).rnd));
      const again = (judge: PointControl): number =>
        variance(paths.map((points) => rndOfPoints(scheme, target, points, judge)));
      expect(loss).toBeCloseTo(own(walk) / 2, 3);
      compare(
        params,
        gradient,
        chosen(model.spec).filter((_, i) => i % 3 === 0),
        (p) => {
          const judge = controlAt(p);
          return (0.25 * own(judge) + 0.75 * again(judge)) / 2;
        },
      );
      await step.close?.();
    });
  }

  it("Kullback-Leibler, PIS and DIS: through the simulation", async () => {
    for (const scheme of [SCHEMES.pis, SCHEMES.dis]) {
      const { model, params, controlAt } = modelOf(scheme);
      for (const ito of [false, true]) {
        const step = kullbackLeiblerStep(model, { numPaths: NUM_PATHS, shards: 2, clipAt: () => CLIP, ito });
        const { loss, gradient } = await step.run(params, { step: 0, key: STEP_KEY });
        const noises = Array.from({ length: NUM_PATHS }, (_, p) => pathNoise(STEP_KEY, scheme, p, NUM_PATHS));
        const mean = (p: Float64Array): number => {
          const control = controlAt(p);
          const all = noises.map((noise) => pathRnd(scheme, target, noise, control));
          return all.reduce((sum, { rnd, ito: part }) => sum + (ito ? rnd : rnd - part), 0) / NUM_PATHS / 2;
        };
        expect(loss).toBeCloseTo(mean(Float64Array.from(params)), 3);
        compare(
          params,
          gradient,
          chosen(model.spec).filter((_, i) => i % 3 === 0),
          mean,
        );
        await step.close?.();
      }
    }
  });

  it("draws along random constant drifts without changing what is learned", async () => {
    const scheme = SCHEMES.pis;
    const { model, params, controlAt } = modelOf(scheme);
    const drift = 1.5;
    const step = logVarianceStep(model, {
      numPaths: NUM_PATHS,
      shards: 2,
      clipAt: () => CLIP,
      drift: () => drift,
    });
    const { gradient } = await step.run(params, { step: 0, key: STEP_KEY });
    const noises = Array.from({ length: NUM_PATHS }, (_, p) => {
      const { first, steps } = pathNoise(STEP_KEY, scheme, p, NUM_PATHS);
      const e = normal(foldIn(STEP_KEY, 2), 2, 2 * p);
      return { first, steps: steps.map((xi) => xi.map((z, j) => z + drift * e[j] * scheme.steps.clock[0])) };
    });
    const walk = controlAt(Float64Array.from(params));
    const loss = (p: Float64Array): number =>
      variance(noises.map((noise) => pathRnd(scheme, target, noise, walk, controlAt(p)).rnd)) / 2;
    compare(
      params,
      gradient,
      chosen(model.spec).filter((_, i) => i % 4 === 0),
      loss,
    );
    await step.close?.();
  });
});
