import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import type { ScoreForm, SpectralBasis1d } from "../../src/score/spectral/basis.js";
import {
  allPairs,
  layOut,
  local,
  oneBody,
  window,
  type Clusters,
} from "../../src/score/spectral/clusters.js";
import { coefficientLayout } from "../../src/score/spectral/coefficient-layout.js";
import { fourier } from "../../src/score/spectral/fourier.js";
import { hermite } from "../../src/score/spectral/hermite.js";
import { momentSums } from "../../src/score/spectral/moment-task.js";
import { potentialBasis } from "../../src/score/spectral/potential-basis.js";
import { problemOf, type Problem } from "../../src/score/spectral/problem.js";
import { solveLevel } from "../../src/score/spectral/solve-level.js";
import { meanDiagonal, samplewise } from "./support/samplewise.js";

/** Correlated points that are neither normal nor centred. */
function points(count: number, dim: number): Float64Array {
  const z = normal(key(count + dim), count * dim);
  return z.map((value, at) => {
    const before = at % dim === 0 ? 0.3 : z[at - 1];
    return 0.6 * value + 0.4 * before - 0.1 * value * before;
  });
}

function sites(dim: number, make: (k: number) => SpectralBasis1d): SpectralBasis1d[] {
  return Array.from({ length: dim }, (_, k) => make(k));
}

const families: [string, (k: number) => SpectralBasis1d][] = [
  ["hermite", (k) => hermite({ n: 2, mean: 0.1 * k, variance: 0.8 + 0.1 * k })],
  ["fourier", (k) => fourier({ halfWidth: 4 + 0.2 * k, center: 0.1, harmonics: 1 })],
  ["double well", () => potentialBasis({ potential: "(1 - x^2)^2 / 3", n: 2 })],
];

const shapes: [string, Clusters, number][] = [
  ["one-body functions", oneBody(), 3],
  ["neighbours", local({ range: 1 }), 5],
  ["second neighbours", local({ range: 2 }), 5],
  ["all pairs", allPairs(), 5],
  ["a window", window({ range: 1 }), 5],
  ["a wide window", window({ range: 2, reach: 2 }), 6],
];

async function averages(problem: Problem, data: Float64Array): Promise<Float64Array> {
  const sums = await momentSums({ problem: problem.state, x: data });
  return sums.map((sum) => sum / (data.length / problem.dim));
}

describe.each(families)("moment assembly with the %s basis", (_, make) => {
  describe.each(shapes)("and %s", (_, clusters, dim) => {
    it.each(["residual", "score"] as const)(
      "solves the samplewise systems in %s form",
      async (form: ScoreForm) => {
        const bases = sites(dim, make);
        const problem = problemOf({ bases: bases.map((basis) => basis.state), clusters, form });
        const data = points(300, dim);
        const moments = await averages(problem, data);
        const { offsets } = coefficientLayout(problem.layout, problem.n);
        for (const t of [0, 0.3]) {
          const { coefficients, ridge } = await solveLevel(problem, moments, t, 1e-7);
          expect(ridge).toBeCloseTo(1e-7 * meanDiagonal(problem, data, t), 17);
          for (let j = 0; j < dim; j += 2) {
            const { matrix, right, solution } = samplewise(problem, data, t, j, ridge);
            const ours = coefficients.subarray(offsets[j], offsets[j + 1]);
            expect(ours.length).toBe(solution.length);
            // backward error: the residual of our coefficients in the samplewise system is rounding
            const size = right.length;
            const scale = Math.max(...solution.map(Math.abs), 1);
            for (let r = 0; r < size; r++) {
              let sum = ridge * ours[r] - right[r];
              for (let c = 0; c < size; c++) sum += matrix[r * size + c] * ours[c];
              expect(Math.abs(sum)).toBeLessThan(1e-13 * size * scale * Math.max(1, matrix[r * size + r]));
            }
          }
        }
      },
    );
  });
});

describe("clusters", () => {
  it.each([
    [window(), 10, 4, 73],
    [window(), 10, 12, 409],
    [window(), 50, 12, 889],
    [allPairs(), 10, 4, 761],
    [local({ range: 1 }), 10, 4, 185],
    [local({ range: 2 }), 10, 4, 1 + 40 + 16 * 17],
    [oneBody(), 10, 4, 41],
  ])("%j in %i dimensions with n = %i make %i functions", (clusters, dim, n, size) => {
    const { offsets } = coefficientLayout(layOut(clusters, dim), n);
    const sizes = Array.from({ length: dim }, (_, j) => offsets[j + 1] - offsets[j]);
    expect(Math.max(...sizes)).toBe(size);
  });

  it("share a system where they are the same", () => {
    expect(layOut(allPairs(), 6).groups.length).toBe(1);
    expect(layOut(window(), 6).groups.length).toBe(6);
    expect(layOut(oneBody(), 1)).toEqual({ dim: 1, pairs: [], groups: [{ components: [0], pairs: [] }] });
  });

  it.each([
    [() => local({ range: 0 }), "range"],
    [() => window({ range: 1, reach: 0.5 }), "reach"],
    [() => layOut({ kind: "locl" } as never, 3), "local"],
    [() => layOut("all" as never, 3), "clusters"],
  ])("refuse what they do not know", (make, message) => {
    expect(make).toThrow(message);
  });
});
