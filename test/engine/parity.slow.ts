import { describe, expect, it } from "vitest";
import { compare } from "./parity.js";

describe("compiled programs agree with tfjs's cpu backend", () => {
  it.each(Array.from({ length: 10 }, (_, part) => [part]))(
    "for random programs %i00 to %i99",
    async (part) => {
      for (let seed = 100 * part; seed < 100 * (part + 1); seed++) {
        const { error, names } = await compare(seed);
        expect(error, `seed ${seed}: ${names.join(", ")}`).toBeLessThanOrEqual(1e-5);
      }
    },
  );
});
