import { cholesky, choleskySmall, gram, matmul, solveCholesky } from "../src/linalg/index.js";
import { key, normal } from "../src/random/index.js";
import { bench, type BenchRow } from "./harness.js";

async function positiveDefinite(n: number): Promise<Float64Array> {
  const a = await gram(normal(key(1), n * n), n, n);
  return a.map((entry, at) => entry / n + (at % (n + 1) === 0 ? 1 : 0));
}

function product(n: number): BenchRow {
  const [a, b] = [normal(key(1), n * n), normal(key(2), n * n)];
  return {
    id: `linalg/matmul-${n}`,
    work: `float64 product of two ${n} x ${n} matrices`,
    ours: () => matmul(a, b, { m: n, n, k: n }),
    peers: { numpy: { module: "numpy_linalg", name: "matmul", args: { m: n, n, k: n } } },
    units: { count: 2 * n ** 3, name: "operations" },
  };
}

function gramRow(rows: number, cols: number): BenchRow {
  const a = normal(key(1), rows * cols);
  return {
    id: `linalg/gram-${rows}x${cols}`,
    work: `float64 Gram matrix AᵀA of ${rows} x ${cols}`,
    ours: () => gram(a, rows, cols),
    peers: { numpy: { module: "numpy_linalg", name: "gram", args: { rows, cols } } },
    units: { count: 2 * rows * cols ** 2, name: "operations, counted without the symmetry" },
  };
}

/** Many small factors on the calling thread. */
async function small(n: number, repeats: number): Promise<BenchRow> {
  const a = await positiveDefinite(n);
  return {
    id: `linalg/cholesky-small-${n}`,
    work: `${repeats} Cholesky factors of ${n} x ${n}, plain JavaScript on one thread`,
    ours: () => {
      for (let i = 0; i < repeats; i++) choleskySmall(a, n);
    },
    peers: { numpy: { module: "numpy_linalg", name: "cholesky", args: { n, repeats } } },
    units: { count: (repeats * n ** 3) / 3, name: "operations" },
  };
}

async function large(n: number): Promise<BenchRow> {
  const a = await positiveDefinite(n);
  return {
    id: `linalg/cholesky-${n}`,
    work: `Cholesky factor of ${n} x ${n} on all threads`,
    ours: () => cholesky(a, n),
    peers: { numpy: { module: "numpy_linalg", name: "cholesky", args: { n, repeats: 1 } } },
    units: { count: n ** 3 / 3, name: "operations" },
  };
}

async function solve(n: number, rhs: number, repeats: number): Promise<BenchRow> {
  const l = choleskySmall(await positiveDefinite(n), n);
  const b = normal(key(3), n * rhs);
  return {
    id: `linalg/solve-${n}x${rhs}`,
    work: `${repeats} solves with a Cholesky factor of ${n} x ${n} and ${rhs} right-hand sides`,
    ours: () => {
      for (let i = 0; i < repeats; i++) solveCholesky(l, n, b);
    },
    peers: { numpy: { module: "numpy_linalg", name: "solve", args: { n, rhs, repeats } } },
    units: { count: repeats * 2 * n * n * rhs, name: "operations" },
  };
}

await bench([
  product(200),
  product(1000),
  gramRow(10_000, 73),
  gramRow(10_000, 161),
  gramRow(10_000, 761),
  await small(73, 200),
  await small(161, 50),
  await small(761, 2),
  await large(761),
  await large(2000),
  await solve(161, 10, 50),
  await solve(761, 10, 5),
]);
