import * as tfjs from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { engine, nets, random } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";
import { spectral1d } from "../../src/nets/fno/spectral-1d.js";
import { spectral2d } from "../../src/nets/fno/spectral-2d.js";

afterAll(() => pool().close());

const draws = (seed: number, shape: number[]) =>
  tfjs.tensor(
    Float32Array.from(
      random.normal(
        random.key(seed),
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
    shape,
  );

/** The convolution by its definition: complex coefficients, one matrix a wavenumber, the mirrored half conjugate. */
function direct(
  v: number[][][],
  size: number,
  width: number,
  weight: (k: number, l: number) => [number[][], number[][]],
  most: number,
): number[][][] {
  const out = v.map((row) => row.map(() => new Array<number>(width).fill(0)));
  for (let k = -most; k <= most; k++) {
    for (let l = -most; l <= most; l++) {
      const mirrored = k < 0 || (k === 0 && l < 0);
      const [p, q] = weight(mirrored ? -k : k, mirrored ? -l : l);
      const [re, im] = [new Array<number>(width).fill(0), new Array<number>(width).fill(0)];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const angle = (2 * Math.PI * (k * i + l * j)) / size;
          for (let c = 0; c < width; c++) {
            re[c] += (v[i][j][c] * Math.cos(angle)) / size ** 2;
            im[c] -= (v[i][j][c] * Math.sin(angle)) / size ** 2;
          }
        }
      }
      for (let d = 0; d < width; d++) {
        let [x, y] = [0, 0];
        for (let c = 0; c < width; c++) {
          const [a, b] = [p[c][d], mirrored ? -q[c][d] : q[c][d]];
          x += re[c] * a - im[c] * b;
          y += re[c] * b + im[c] * a;
        }
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            const angle = (2 * Math.PI * (k * i + l * j)) / size;
            out[i][j][d] += x * Math.cos(angle) - y * Math.sin(angle);
          }
        }
      }
    }
  }
  return out;
}

describe("spectral convolution", () => {
  it("multiplies every wave by its complex matrix, in two dimensions", () => {
    const [size, width, most] = [8, 2, 2];
    const v = draws(1, [size, size, 1, width]);
    const weights = draws(2, [2 * (most + 1) ** 2, 2, width, width]);
    const table = weights.arraySync() as number[][][][];
    // modes: l slowest, then k of the first axis; the second half holds (k, -l)
    const weight = (k: number, l: number): [number[][], number[][]] => {
      const [p, q] = table[(l < 0 ? (most + 1) ** 2 : 0) + Math.abs(l) * (most + 1) + k];
      return [p, q];
    };
    // a wave with k = 0 or l = 0 is held twice: the direct sum takes what the real field makes of both
    const mean = (k: number, l: number): [number[][], number[][]] => {
      if (l === 0 && k > 0) {
        const [one, two] = [weight(k, 0), table[(most + 1) ** 2 + k] as [number[][], number[][]]];
        return [average(one[0], two[0], 1), average(one[1], two[1], 1)];
      }
      if (k === 0 && l > 0) {
        const [one, two] = [
          weight(0, l),
          table[(most + 1) ** 2 + l * (most + 1)] as [number[][], number[][]],
        ];
        return [average(one[0], two[0], 1), average(one[1], two[1], -1)];
      }
      if (k === 0 && l === 0) {
        const [one, two] = [weight(0, 0), table[(most + 1) ** 2] as [number[][], number[][]]];
        return [average(one[0], two[0], 1), average(one[1], one[1], -1)];
      }
      return weight(k, l);
    };
    const got = (spectral2d(v, weights).arraySync() as number[][][][]).map((row) =>
      row.map((cell) => cell[0]),
    );
    const field = (v.arraySync() as number[][][][]).map((row) => row.map((cell) => cell[0]));
    const expected = direct(field, size, width, mean, most);
    got.forEach((row, i) =>
      row.forEach((cell, j) => cell.forEach((x, c) => expect(x).toBeCloseTo(expected[i][j][c], 5))),
    );
  });

  it("in one dimension is what it is in two for fields that are constant across", () => {
    const [size, width, most] = [8, 2, 2];
    const line = draws(3, [size, 3, width]);
    const weights = draws(4, [most + 1, 2, width, width]);
    const plane = line.expandDims<tfjs.Tensor4D>(1).tile([1, size, 1, 1]);
    // l = 0 is the first of the slow index; both signs get the same matrices
    const none = tfjs.zeros([(most + 1) * most, 2, width, width]);
    const both = weights.concat([none, weights, none], 0);
    const wide = spectral2d(plane, both).slice([0, 0, 0, 0], [size, 1, 3, width]).reshape([size, 3, width]);
    const gap = wide.sub(spectral1d(line, weights)).abs().max().arraySync() as number;
    expect(gap).toBeLessThan(1e-5);
  });

  it.each([1, 2] as const)(
    "with a filter a channel is that of diagonal matrices, in %i dimensions",
    (dim) => {
      const [size, width, most] = [8, 3, 2];
      const modes = dim === 1 ? most + 1 : 2 * (most + 1) ** 2;
      const filters = draws(6, [modes, 2, width]);
      const matrices = filters.expandDims<tfjs.Tensor4D>(3).mul(tfjs.eye(width));
      const v = draws(7, [...Array<number>(dim).fill(size), 2, width]);
      const convolve = dim === 1 ? spectral1d : spectral2d;
      const gap = convolve(v, filters).sub(convolve(v, matrices)).abs().max().arraySync() as number;
      expect(gap).toBeLessThan(1e-5);
    },
  );

  it("moves with its field, and does not depend on the grid", () => {
    const weights = draws(5, [4, 2, 2, 2]);
    const wave = (size: number, shift: number) =>
      tfjs.tensor3d(
        Float32Array.from({ length: size * 2 }, (_, p) =>
          Math.cos((2 * Math.PI * (Math.floor(p / 2) + shift) * 2) / size + (p % 2)),
        ),
        [size, 1, 2],
      );
    const moved = spectral1d(wave(16, 3), weights).arraySync() as number[][][];
    const still = spectral1d(wave(16, 0), weights).arraySync() as number[][][];
    const fine = spectral1d(wave(64, 0), weights).arraySync() as number[][][];
    for (let i = 0; i < 16; i++) {
      expect(moved[i][0][0]).toBeCloseTo(still[(i + 3) % 16][0][0], 5);
      expect(fine[4 * i][0][1]).toBeCloseTo(still[i][0][1], 5);
    }
  });
});

function average(a: number[][], b: number[][], sign: number): number[][] {
  return a.map((row, i) => row.map((x, j) => (x + sign * b[i][j]) / 2));
}

describe("the Fourier neural operator", () => {
  const net = nets.fno({ dim: 1, width: 6, modes: 4, blocks: 2, projection: 8 });
  const params = Float32Array.from(random.normal(random.key(9), net.count), (z) => 0.3 * z);
  const field = (size: number) =>
    tfjs.tensor2d(
      Float32Array.from({ length: 2 * size }, (_, p) => {
        const x = (2 * Math.PI * (p % size)) / size;
        return p < size ? Math.cos(x) + 0.5 * Math.sin(3 * x) : Math.sin(2 * x);
      }),
      [2, size],
    );
  const level = tfjs.tensor2d([-1, 0.5], [2, 1]);

  it("gives the same function on every grid, up to what its nonlinearities alias", () => {
    const p = tfjs.tensor1d(params);
    const on = (size: number) => net.apply(p, field(size), level).arraySync() as number[][];
    const gap = (size: number) => {
      const [coarse, fine] = [on(size), on(2 * size)];
      return Math.max(...coarse.flatMap((row, b) => row.map((value, i) => Math.abs(value - fine[b][2 * i]))));
    };
    const gaps = [16, 32, 64].map(gap);
    expect(gaps[0]).toBeGreaterThan(gaps[1]);
    expect(gaps[2]).toBeLessThan(1e-4);
  });

  it.each([
    [1, false],
    [2, false],
    [2, true],
  ] as const)("compiles with its gradient, in %i dimensions, separable: %s", async (dim, separable) => {
    const net = nets.fno({ dim, width: 4, modes: 2, blocks: 2, projection: 8, separable });
    const values = Float32Array.from(random.normal(random.key(8), net.count), (z) => 0.3 * z);
    const x = draws(11, [3, 8 ** dim]);
    const sigma = tfjs.tensor2d([-1, 0, 1], [3, 1]);
    const loss = (p: tfjs.Tensor) => net.apply(p, x, sigma).square().mean<tfjs.Scalar>();
    const step = engine.compile(
      ({ p, x, sigma }: { p: tfjs.Tensor; x: tfjs.Tensor; sigma: tfjs.Tensor }) =>
        tfjs.grad((q: tfjs.Tensor) => net.apply(q, x, sigma).square().mean<tfjs.Scalar>())(p),
      { p: { shape: [net.count] }, x: { shape: [3, 8 ** dim] }, sigma: { shape: [3, 1] } },
    );
    const got = await step({ p: values, x: x.dataSync(), sigma: sigma.dataSync() });
    const eager = tfjs.grad(loss)(tfjs.tensor1d(values)).dataSync<"float32">();
    const most = eager.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    got.forEach((g, i) => expect(Math.abs(g - eager[i])).toBeLessThan(1e-5 * Math.max(1, most)));
  });

  it("refuses grids that cannot carry its waves", () => {
    expect(() => net.apply(tfjs.tensor1d(params), tfjs.zeros([1, 8]), tfjs.zeros([1, 1]))).toThrow(
      /n > 2·modes = 8/,
    );
  });
});
