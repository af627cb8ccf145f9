import { describe, expect, it } from "vitest";
import { metrics, random } from "../../src/index.js";

const grid = { basis: "cosine", size: 8, dim: 2 } as const;

describe("energies of shells", () => {
  it("are means over the modes of a shell and all fields, about a mean", () => {
    const modes = random.normal(random.key(1), 3 * 64);
    const mean = random.normal(random.key(2), 64);
    const found = metrics.shellEnergies(modes, grid, { mean, shells: 6 });
    for (let shell = 1; shell <= 6; shell++) {
      const energies: number[] = [];
      for (let field = 0; field < 3; field++) {
        for (let i = 0; i < 8; i++) {
          for (let j = 0; j < 8; j++) {
            const inside = Math.abs(Math.sqrt(i * i + j * j) - shell) < 0.5; // never a tie: i² + j² is no (s + ½)²
            if (inside) energies.push((modes[field * 64 + 8 * i + j] - mean[8 * i + j]) ** 2);
          }
        }
      }
      expect(found[shell - 1]).toBeCloseTo(energies.reduce((sum, e) => sum + e, 0) / energies.length, 13);
    }
    expect(found).toHaveLength(6);
  });

  it("see a wave of a periodic field in the shell of its frequency, and leave the mean value out", () => {
    const modes = new Float64Array(16);
    modes.set([9, 0, 0, 0, 2]); // a constant, and sin 2x: one of the two modes of frequency 2
    const found = metrics.shellEnergies(modes, { basis: "fourier", size: 16, dim: 1 });
    expect([...found]).toEqual([0, 2, 0, 0, 0, 0, 0, 0]);
  });

  it("refuse ragged modes, another mean and shells that the grid does not have", () => {
    const modes = new Float64Array(64);
    expect(() => metrics.shellEnergies(modes.subarray(1), grid)).toThrow(/modes/);
    expect(() => metrics.shellEnergies(modes, grid, { mean: modes.subarray(1) })).toThrow(
      /mean: .*64 numbers/,
    );
    expect(() => metrics.shellEnergies(modes, grid, { shells: 8 })).toThrow(/shells: .*1 to 7/);
  });
});
