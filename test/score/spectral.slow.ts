import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { foldIn, key } from "../../src/random/index.js";
import { spectral } from "../../src/score/index.js";
import { ginzburgLandau } from "../../src/targets/index.js";

const PEAK = fileURLToPath(new URL("./support/peak-memory.mjs", import.meta.url));

describe("memory", () => {
  // two threads, as on the machine that the bound is for: each holds a stretch of features or a level's blocks
  it.each([
    ["hermite", 160],
    ["meanField", 40],
    ["fourier", 7],
  ])("of a fit in 50 dimensions with the %s window stays below 1.5 GiB", (basis, numTimes) => {
    const env = { ...process.env, SCOREBOOK_THREADS: "2" };
    const peak = Number(
      execFileSync(process.execPath, [PEAK, basis, String(numTimes)], { env, encoding: "utf8" }),
    );
    expect(peak).toBeGreaterThan(50);
    expect(peak).toBeLessThan(1536);
  });
});

const [DIM, COUNT, SEEDS] = [10, 10_000, 5];

/** Mean over seeds of |M2(samples) - M2| / |M2| in units of the sampling floor sqrt((tr² + |M2|²)/N)/|M2|. */
async function errorInFloors(J: number, basis: spectral.BasisName): Promise<number> {
  const chain = ginzburgLandau({ dim: DIM, lambda: 0.5, beta: 1, h: Math.sqrt(0.5 / J), boundary: "left" });
  const exact = chain.secondMoment();
  const trace = Array.from({ length: DIM }, (_, i) => exact[i * (DIM + 1)]).reduce((sum, m) => sum + m, 0);
  const floor = Math.sqrt((trace ** 2 + exact.reduce((sum, m) => sum + m * m, 0)) / COUNT);
  let total = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const own = foldIn(key(2024), seed);
    const data = chain.sample(foldIn(own, 0), COUNT);
    const fitted = await spectral.fit(data, { dim: DIM, basis, clusters: spectral.window() });
    const samples = await fitted.generate(foldIn(own, 1), COUNT);
    const miss = secondMoment(samples).map((m, at) => m - exact[at]);
    total += Math.sqrt(miss.reduce((sum, m) => sum + m * m, 0)) / floor;
  }
  return total / SEEDS;
}

function secondMoment(points: Float64Array): Float64Array {
  const out = new Float64Array(DIM * DIM);
  for (let at = 0; at < points.length; at += DIM) {
    for (let i = 0; i < DIM; i++)
      for (let j = 0; j < DIM; j++) out[i * DIM + j] += points[at + i] * points[at + j];
  }
  return out.map((sum) => (sum * DIM) / points.length);
}

describe("the Ginzburg–Landau chain in 10 dimensions, as the talk has it", () => {
  // A perfect learner shows sqrt2: as many new samples as there were data.
  it.each([
    [0.5, "hermite", 1.6],
    [0.5, "meanField", 1.6],
    [0.5, "fourier", 2.2],
    [1, "hermite", 2.1],
    [1, "meanField", 2.1],
    [1, "fourier", 4.2],
  ] as const)(
    "with J = %f and the %s basis has a mean error of at most %f floors",
    async (J, basis, bound) => {
      expect(await errorInFloors(J, basis)).toBeLessThanOrEqual(bound);
    },
  );
});
