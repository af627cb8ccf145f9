import { checkInteger, checkOneOf } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { pool } from "../../onnx/pool.js";
import type { BasisState, SpectralBasis1d } from "./basis.js";
import { fourier } from "./fourier.js";
import { hermite } from "./hermite.js";
import { restoreBasis } from "./restore.js";

/** A family of bases that is fitted to the data, one for each coordinate. */
export type BasisName = "hermite" | "fourier" | "meanField";

export interface BuildOptions {
  readonly dim: number;
  readonly basis: BasisName | SpectralBasis1d | readonly SpectralBasis1d[];
  readonly n?: number;
  readonly harmonics?: number;
  readonly beta?: number;
  readonly signal?: AbortSignal;
}

/** Room that a Fourier period leaves around the data. */
const PERIOD_MARGIN = 1.3;
const MEAN_FIELD_TASK = new URL("./mean-field-task.js", import.meta.url).href;

/**
 * The bases that a fit asks for by name, made for the data: Hermite with the coordinate's mean and variance, Fourier on 1.3 times
 * the data's range, mean field for the coordinate's first four moments.
 *
 * @param data finite numbers, row by row
 * @throws ArgumentError for an unknown name, options of another basis, or a constant coordinate
 */
export async function buildBases(data: Float64Array, options: BuildOptions): Promise<SpectralBasis1d[]> {
  const { dim, basis } = options;
  if (typeof basis !== "string") return givenBases(options, basis);
  checkOneOf("basis", basis, ["hermite", "fourier", "meanField"]);
  if (options.harmonics !== undefined && basis !== "fourier") {
    throw new ArgumentError(
      "harmonics",
      options.harmonics,
      `no harmonics with the basis "${basis}" (its size is n)`,
    );
  }
  if (options.n !== undefined && basis === "fourier") {
    throw new ArgumentError("n", options.n, 'no n with the basis "fourier" (n = 2 harmonics)');
  }
  const columns = Array.from({ length: dim }, (_, k) => column(data, dim, k));
  columns.forEach(checkVaries);
  const made = columns.map((values) => named(basis, values, options));
  return (await Promise.all(made)).map(restoreBasis);
}

function givenBases(
  { dim, n, harmonics, beta }: BuildOptions,
  basis: SpectralBasis1d | readonly SpectralBasis1d[],
): SpectralBasis1d[] {
  for (const [name, value] of Object.entries({ n, harmonics, beta })) {
    if (value !== undefined)
      throw new ArgumentError(name, value, `no ${name} beside given bases, which have their own`);
  }
  const bases = isList(basis) ? [...basis] : new Array<SpectralBasis1d>(dim).fill(basis);
  if (bases.length !== dim)
    throw new ArgumentError("basis", basis, `one basis, or one for each of ${dim} coordinates`);
  bases.forEach((one, k) => {
    if (typeof one?.dictionary !== "function" || one.state === undefined) {
      throw new ArgumentError(`basis[${k}]`, one, 'a basis, or one of "hermite", "fourier", "meanField"');
    }
  });
  return bases;
}

function isList(basis: SpectralBasis1d | readonly SpectralBasis1d[]): basis is readonly SpectralBasis1d[] {
  return Array.isArray(basis);
}

function column(data: Float64Array, dim: number, k: number): Float64Array {
  return Float64Array.from({ length: data.length / dim }, (_, i) => data[i * dim + k]);
}

function checkVaries(values: Float64Array, k: number): void {
  const { mean, variance } = moments(values);
  if (!(variance > 1e-24 * mean * mean)) {
    throw new ArgumentError(`data[:, ${k}]`, `the constant ${values[0]}`, "a coordinate that varies");
  }
}

function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
}

async function named(name: BasisName, values: Float64Array, options: BuildOptions): Promise<BasisState> {
  const { n, harmonics, beta = 1, signal } = options;
  switch (name) {
    case "hermite": {
      const { mean, variance } = moments(values);
      return hermite({ n: n ?? 4, mean, variance: variance * beta, beta }).state;
    }
    case "fourier": {
      const low = values.reduce((least, x) => Math.min(least, x), Infinity);
      const high = values.reduce((most, x) => Math.max(most, x), -Infinity);
      const halfWidth = (PERIOD_MARGIN * (high - low)) / 2;
      return fourier({ halfWidth, center: (low + high) / 2, harmonics: harmonics ?? 6, beta }).state;
    }
    case "meanField": {
      // checked here because an error of the pool's thread names the task's own arguments
      checkInteger("n", n ?? 4, { min: 1, max: 10 });
      const args = { data: values, options: { n: n ?? 4, beta } };
      return await pool().run<BasisState>({ module: MEAN_FIELD_TASK, name: "meanFieldState", args, signal });
    }
  }
}
