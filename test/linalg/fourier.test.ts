import { describe, expect, it } from "vitest";
import { linalg, random } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";

const {
  dct,
  frequencies,
  fromModes,
  idct,
  irfft,
  irfft2,
  leadingModes,
  resample,
  resizeModes,
  rfft,
  rfft2,
  toModes,
} = linalg;

function noise(seed: number, length: number): Float64Array {
  return random.normal(random.key(seed), length);
}

function same(a: Float64Array, b: Float64Array): boolean {
  const bytes = (c: Float64Array) => Buffer.from(c.buffer, c.byteOffset, c.byteLength);
  return bytes(a).equals(bytes(b));
}

function gap(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** Σ_j x_j e^{-2πi jk/n}, k = 0..n/2, by its definition. */
function directRfft(x: Float64Array, n: number): Float64Array {
  const out: number[] = [];
  for (let row = 0; row < x.length; row += n) {
    for (let k = 0; k <= n / 2; k++) {
      let [re, im] = [0, 0];
      for (let j = 0; j < n; j++) {
        re += x[row + j] * Math.cos((2 * Math.PI * j * k) / n);
        im -= x[row + j] * Math.sin((2 * Math.PI * j * k) / n);
      }
      out.push(re, im);
    }
  }
  return Float64Array.from(out);
}

function directRfft2(x: Float64Array, n: number): Float64Array {
  const out: number[] = [];
  for (let k = 0; k < n; k++) {
    for (let l = 0; l <= n / 2; l++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          re += x[i * n + j] * Math.cos((2 * Math.PI * (i * k + j * l)) / n);
          im -= x[i * n + j] * Math.sin((2 * Math.PI * (i * k + j * l)) / n);
        }
      }
      out.push(re, im);
    }
  }
  return Float64Array.from(out);
}

function directDct(x: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: x.length }, (_, at) => {
    const [row, k] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let j = 0; j < n; j++) sum += x[row * n + j] * Math.cos((Math.PI * k * (2 * j + 1)) / (2 * n));
    return Math.sqrt((k === 0 ? 1 : 2) / n) * sum;
  });
}

describe("real Fourier transforms", () => {
  it.each([2, 4, 8, 16, 32])("are the sums that define them, length %i, an odd number of rows", (n) => {
    const x = noise(n, 3 * n);
    expect(gap(rfft(x, n), directRfft(x, n))).toBeLessThan(1e-12);
    expect(gap(irfft(rfft(x, n), n), x)).toBeLessThan(1e-14);
  });

  it("leaves imaginary parts that no real row has out, as the definition's real part does", () => {
    const spectrum = Float64Array.from([1, 5, 2, 3, 4, 7]);
    const direct = [0, 1, 2, 3].map((j) => {
      const angle = (Math.PI * j) / 2;
      return (1 + 2 * (2 * Math.cos(angle) - 3 * Math.sin(angle)) + 4 * Math.cos(2 * angle)) / 4;
    });
    expect(gap(irfft(spectrum, 4), Float64Array.from(direct))).toBeLessThan(1e-15);
  });

  it.each([2, 4, 8, 16])("are the double sums that define them, %i squared", (n) => {
    const x = noise(n, n * n);
    expect(gap(rfft2(x, n), directRfft2(x, n))).toBeLessThan(1e-11);
    const two = noise(n + 1, 2 * n * n);
    expect(gap(irfft2(rfft2(two, n), n), two)).toBeLessThan(1e-13);
  });

  it("refuse sizes that are not powers of two with the nearest that are", () => {
    expect(() => rfft(noise(0, 48), 48)).toThrow(
      /n: expected a power of two; the nearest are 32 and 64, got 48/,
    );
    expect(() => rfft2(noise(0, 48), 16)).toThrow(/fields: .*multiple of 256/);
    expect(() => irfft(noise(0, 16), 16)).toThrow(/spectra: .*multiple of 18/);
  });
});

describe("cosine transforms", () => {
  it.each([2, 4, 8, 16, 32])("are the sums that define them, length %i, an odd number of rows", (n) => {
    const x = noise(n, 3 * n);
    expect(gap(dct(x, n), directDct(x, n))).toBeLessThan(1e-13);
    expect(gap(idct(dct(x, n), n), x)).toBeLessThan(1e-14);
    expect(gap(dct(idct(x, n), n), x)).toBeLessThan(1e-14);
  });
});

describe.each(["fourier", "cosine"] as const)("modes of the %s basis", (basis) => {
  it.each([1, 2] as const)("are orthonormal, in %i dimensions", (dim) => {
    const grid = { basis, size: 8, dim };
    const [x, y] = [noise(1, 8 ** dim), noise(2, 8 ** dim)];
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    expect(dot(toModes(x, grid), y)).toBeCloseTo(dot(x, fromModes(y, grid)), 12);
    expect(gap(fromModes(toModes(x, grid), grid), x)).toBeLessThan(1e-14);
  });

  it("have the frequencies that they say", () => {
    const size = 16;
    frequencies(basis, size).forEach((frequency, i) => {
      const unit = new Float64Array(size);
      unit[i] = 1;
      const wave = fromModes(unit, { basis, size, dim: 1 });
      const isSine = basis === "fourier" && i > 0 && i % 2 === 0;
      const norm = Math.sqrt((i === 0 || (basis === "fourier" && i === size - 1) ? 1 : 2) / size);
      const expected = wave.map((_, j) => {
        const angle = basis === "fourier" ? (2 * Math.PI * j) / size : (Math.PI * (j + 0.5)) / size;
        return norm * (isSine ? Math.sin(frequency * angle) : Math.cos(frequency * angle));
      });
      expect(gap(wave, expected)).toBeLessThan(1e-14);
    });
  });

  it.each([1, 2] as const)("interpolate what both grids resolve, in %i dimensions", (dim) => {
    const at = (size: number, j: number) =>
      basis === "fourier" ? (2 * Math.PI * j) / size : (Math.PI * (j + 0.5)) / size;
    const f = (x: number) =>
      1 + Math.cos(3 * x) - 0.5 * Math.cos(x) + (basis === "fourier" ? 0.3 * Math.sin(2 * x) : 0);
    const field = (size: number) =>
      Float64Array.from({ length: size ** dim }, (_, p) =>
        dim === 1 ? f(at(size, p)) : f(at(size, Math.floor(p / size))) * f(at(size, p % size)),
      );
    const grid = { basis, dim };
    expect(gap(resample(field(8), { ...grid, size: 8 }, 32), field(32))).toBeLessThan(1e-13);
    expect(gap(resample(field(32), { ...grid, size: 32 }, 8), field(8))).toBeLessThan(1e-13);
    expect(
      gap(
        resizeModes(toModes(field(8), { ...grid, size: 8 }), { ...grid, size: 8 }, 16),
        toModes(field(16), { ...grid, size: 16 }),
      ),
    ).toBeLessThan(1e-13);
    // in the norm of the domain a function has the same coefficients on every grid
    const coefficients = (size: number) =>
      toModes(field(size), { ...grid, size }).map((value) => value / size ** (dim / 2));
    expect(gap(leadingModes(coefficients(8), { size: 8, dim }, 32), coefficients(32))).toBeLessThan(1e-13);
    expect(gap(leadingModes(coefficients(32), { size: 32, dim }, 8), coefficients(8))).toBeLessThan(1e-13);
  });
});

describe("leading modes", () => {
  it("drop what is too fine and put zeros for what is missing, whatever the sizes", () => {
    const block = Float64Array.from({ length: 2 * 9 }, (_, i) => i + 1);
    const two = Float64Array.of(1, 2, 4, 5, 10, 11, 13, 14);
    expect(leadingModes(block, { size: 3, dim: 2 }, 2)).toEqual(two);
    expect(leadingModes(two, { size: 2, dim: 2 }, 3)).toEqual(
      block.map((value, i) => (i % 3 === 2 || i % 9 > 5 ? 0 : value)),
    );
    expect(leadingModes(two, { size: 2, dim: 1 }, 3)).toEqual(
      Float64Array.of(1, 2, 0, 4, 5, 0, 10, 11, 0, 13, 14, 0),
    );
  });

  it("refuse ragged modes and no waves at all", () => {
    expect(() => leadingModes(new Float64Array(36), { size: 8, dim: 2 }, 4)).toThrow(
      /modes: .*multiple of 64/,
    );
    expect(() => leadingModes(new Float64Array(36), { size: 6, dim: 2 }, 0)).toThrow(/to: .*at least 1/);
  });
});

describe("batches of transforms", () => {
  it("give the bits of one thread, whatever is asked for", async () => {
    const values = noise(5, 2 ** 18 + 3 * 64 * 64);
    const direct = rfft2(values, 64);
    expect(same(await linalg.transformBatch("rfft2", values, { size: 64 }), direct)).toBe(true);
    expect(same(await linalg.transformBatch("irfft2", direct, { size: 64 }), irfft2(direct, 64))).toBe(true);
    const grid = { basis: "cosine", size: 64, dim: 2 } as const;
    expect(same(await linalg.transformBatch("toModes", values, grid), toModes(values, grid))).toBe(true);
    await pool().close();
  });

  it("refuse an unknown transform", async () => {
    await expect(linalg.transformBatch("rft" as "rfft", noise(0, 8), { size: 8 })).rejects.toThrow(
      /did you mean "rfft"/,
    );
  });
});
