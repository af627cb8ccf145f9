import { expect, it } from "vitest";
import { key, uniform } from "../../src/random/index.js";
import { exponential } from "../../src/transport/exponential.js";

it("is the exponential function from -45 to 0, to a few units of the last place", () => {
  const drawn = uniform(key(1), 200_000).map((u) => -45 * u);
  const small = uniform(key(2), 50_000).map((u) => -(u ** 8));
  const edges = Float64Array.from({ length: 16_000 }, (_, n) => (-n * Math.LN2) / 256);
  let worst = 0;
  for (const x of [0, -0, -45, ...drawn, ...small, ...edges]) {
    worst = Math.max(worst, Math.abs(exponential(x) / Math.exp(x) - 1));
  }
  expect(worst).toBeLessThan(9e-16); // that of Math.exp, one unit of the last place at most, included
  expect(exponential(0)).toBe(1);
});
