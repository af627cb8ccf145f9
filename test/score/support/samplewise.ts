import { choleskySmall, solveCholesky } from "../../../src/linalg/index.js";
import { groupSize } from "../../../src/score/spectral/clusters.js";
import type { Problem } from "../../../src/score/spectral/problem.js";

/** A(t), g(t) and the solution of one component, averaged sample by sample over products of one-site expectations. */
export interface SamplewiseSystem {
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  readonly solution: Float64Array;
}

/** The multi-indices of a component's functions in the order of its coefficients. */
export function multiIndices({ dim, n, layout }: Problem, j: number): number[][] {
  const list = [new Array<number>(dim).fill(0)];
  const add = (...entries: [number, number][]): void => {
    const index = new Array<number>(dim).fill(0);
    for (const [site, a] of entries) index[site] = a;
    list.push(index);
  };
  for (let k = 0; k < dim; k++) for (let a = 1; a <= n; a++) add([k, a]);
  const group = layout.groups.find(({ components }) => components.includes(j));
  for (const p of group?.pairs ?? []) {
    const [k, l] = layout.pairs[p];
    for (let a = 1; a <= n; a++) for (let b = 1; b <= n; b++) add([k, a], [l, b]);
  }
  return list;
}

/** Mean over all features of diag A, which scales the ridge. */
export function meanDiagonal(problem: Problem, data: Float64Array, t: number): number {
  const { dim, n, layout } = problem;
  const everything = {
    ...problem,
    layout: { ...layout, groups: [{ components: [0], pairs: [...layout.pairs.keys()] }] },
  };
  const indices = multiIndices(everything, 0);
  const sites = siteExpectations(problem, data, t);
  let sum = 0;
  for (const index of indices) sum += average(data.length / dim, (i) => product(sites, i, index, index, n));
  return sum / indices.length;
}

export function samplewise(
  problem: Problem,
  data: Float64Array,
  t: number,
  j: number,
  shift: number,
): SamplewiseSystem {
  const { dim, n } = problem;
  const count = data.length / dim;
  const indices = multiIndices(problem, j);
  const size = indices.length;
  const group = problem.layout.groups.find(({ components }) => components.includes(j));
  if (group === undefined || size !== groupSize(problem.layout, group, n)) throw new Error("sizes differ");
  const sites = siteExpectations(problem, data, t);
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c <= r; c++) {
      matrix[r * size + c] = average(count, (i) => product(sites, i, indices[r], indices[c], n));
      matrix[c * size + r] = matrix[r * size + c];
    }
    right[r] = average(count, (i) => {
      const { slopes } = sites[j];
      const others = indices[r].map((a, k) => (k === j ? 0 : a));
      return (
        slopes[i * (n + 1) + indices[r][j]] * product(sites, i, others, new Array<number>(dim).fill(0), n)
      );
    });
  }
  const shifted = matrix.slice();
  for (let r = 0; r < size; r++) shifted[r * size + r] += shift;
  return { matrix, right, solution: solveCholesky(choleskySmall(shifted, size), size, right) };
}

/** G_ab(t; x_i) and D_a(t; x_i) of every sample. */
interface SiteExpectations {
  readonly products: Float64Array;
  readonly slopes: Float64Array;
}

function siteExpectations(
  { dim, n, dictionaries }: Problem,
  data: Float64Array,
  t: number,
): SiteExpectations[] {
  const count = data.length / dim;
  return dictionaries.map((dictionary, k) => {
    const { size, rates } = dictionary;
    const psi = dictionary.evaluate(Float64Array.from({ length: count }, (_, i) => data[i * dim + k]));
    const read = (table: Float64Array, rows: number): Float64Array => {
      const out = new Float64Array(count * rows);
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < rows; r++) {
          for (let m = 0; m < size; m++)
            out[i * rows + r] += table[r * size + m] * Math.exp(rates[m] * t) * psi[i * size + m];
        }
      }
      return out;
    };
    return { products: read(dictionary.products, (n + 1) ** 2), slopes: read(dictionary.slopes, n + 1) };
  });
}

function product(sites: SiteExpectations[], i: number, a: number[], b: number[], n: number): number {
  return sites.reduce((value, { products }, k) => value * products[(i * (n + 1) + a[k]) * (n + 1) + b[k]], 1);
}

function average(count: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum / count;
}
