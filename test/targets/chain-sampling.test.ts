import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../src/linalg/gauss-legendre.js";
import { key } from "../../src/random/index.js";
import { density1d } from "../../src/sde/index.js";
import { conditionalSampler, tabulateConditionals } from "../../src/targets/chain/conditional.js";
import { chainRadius, siteWeight } from "../../src/targets/chain/lattice.js";
import { passMessages, rightAt } from "../../src/targets/chain/messages.js";
import { ginzburgLandau, latticeChain, type Boundary, type ChainTarget } from "../../src/targets/index.js";
import { dkwBound, ksDistance } from "../sde/statistics.js";

const SHAPES = (["left", "free", "both", "periodic"] as Boundary[]).flatMap((boundary) =>
  (
    [
      [1, 0.5],
      [0, 3],
      [1000, 0.005],
      [200, 10],
    ] as const
  ).map(([coupling, barrier]) => ({ dim: 4, coupling, barrier, boundary })),
);

/** P(|standard normal| > bound) is below failure / tests. */
const SIX_SIGMA = 6; // 2e-9 for each moment

function column(samples: Float64Array, dim: number, i: number): Float64Array {
  return Float64Array.from({ length: samples.length / dim }, (_, s) => samples[s * dim + i]);
}

function expectExactMoments(chain: ChainTarget, samples: Float64Array): void {
  const { dim } = chain;
  const n = samples.length / dim;
  const [second, fourth] = [chain.secondMoment(), chain.fourthMoment()];
  for (let i = 0; i < dim; i++) {
    for (let j = i; j < dim; j++) {
      let sum = 0;
      for (let s = 0; s < n; s++) sum += samples[s * dim + i] * samples[s * dim + j];
      const at = i * dim + j;
      const error = Math.sqrt((fourth[at] - second[at] ** 2) / n);
      expect(Math.abs(sum / n - second[at])).toBeLessThan(SIX_SIGMA * error);
    }
  }
}

describe.each(SHAPES)("exact draws, $boundary, J = $coupling, B = $barrier", (shape) => {
  const chain = latticeChain(shape);
  const n = 20000;
  const samples = chain.sample(key(11), n);

  it("have the second moments within six standard errors", () => {
    expect(samples.length).toBe(n * shape.dim);
    expectExactMoments(chain, samples);
  });

  it("have the marginals by the Dvoretzky–Kiefer–Wolfowitz bound at 1e-7", () => {
    for (let i = 0; i < shape.dim; i++) {
      const law = chain.marginal(i);
      expect(ksDistance(column(samples, shape.dim, i), (x) => law.cdf(x))).toBeLessThan(dkwBound(n, 1e-7));
    }
  });

  it("have increments whose fourth moment is that of the joint law of two sites", () => {
    const fourth = incrementMoment(chain, 4);
    const error = Math.sqrt((incrementMoment(chain, 8) - fourth ** 2) / n);
    let sum = 0;
    for (let s = 0; s < n; s++) sum += (samples[s * 4 + 2] - samples[s * 4 + 1]) ** 4;
    expect(Math.abs(sum / n - fourth)).toBeLessThan(SIX_SIGMA * error);
  });

  it("are a function of the key and the sample's number", () => {
    expect(chain.sample(key(11), 10)).toEqual(samples.subarray(0, 10 * shape.dim));
    expect(chain.sample(key(12), 1)).not.toEqual(samples.subarray(0, shape.dim));
  });
});

/** E[(x_2 - x_1)^power] by quadrature of the two-site density, fine enough for the narrowest bond. */
function incrementMoment(chain: ChainTarget, power: number): number {
  const law = chain.marginal(1);
  const { nodes, weights } = gaussLegendre(600, law.quantile(1e-12), law.quantile(1 - 1e-12));
  const joint = chain.pairMarginal([1, 2], nodes, nodes);
  let sum = 0;
  nodes.forEach((x, a) =>
    nodes.forEach((y, b) => (sum += weights[a] * weights[b] * joint[a * 600 + b] * (y - x) ** power)),
  );
  return sum;
}

describe("conditional laws", () => {
  it.each(SHAPES.filter((shape) => shape.boundary !== "periodic"))(
    "distribution functions are right to 1e-6, $boundary, J = $coupling, B = $barrier",
    (shape) => {
      const messages = passMessages(shape);
      const draw = conditionalSampler(tabulateConditionals(messages));
      const radius = chainRadius(shape);
      for (let i = 1; i < shape.dim; i++) {
        const law = latticeChain(shape).marginal(i - 1);
        for (const before of [law.quantile(0.003), law.quantile(0.4), law.quantile(0.9999)]) {
          const exact = density1d(
            (x) =>
              Math.exp((-shape.coupling * (x - before) ** 2) / 2) *
              siteWeight(shape.barrier, x) *
              rightAt(messages, i, x),
            -radius,
            radius,
          );
          for (let u = 0.005; u < 1; u += 0.01) {
            expect(Math.abs(exact.cdf(draw(i, shape.coupling, before, u)) - u)).toBeLessThan(1e-6);
          }
        }
      }
    },
  );
});

describe("a long chain", () => {
  it("has the exact second moments at every pair of sites", () => {
    const chain = ginzburgLandau({ dim: 50, lambda: 0.5, h: Math.SQRT1_2 });
    expectExactMoments(chain, chain.sample(key(5), 10000));
  });
});
