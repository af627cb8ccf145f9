import { extname } from "node:path";
import { checkInteger, checkKeys, checkPoints } from "../core/checks.js";
import { ArgumentError, unknownName } from "../core/errors.js";
import { FileError, readCsv, readNpy, writeCsv, writeNpy, type NumberArray } from "../store/index.js";

/** Points read from a file. */
export interface FilePoints {
  /** count·dim numbers */
  readonly points: Float64Array;
  readonly count: number;
  readonly dim: number;
  /** Names of the coordinates; "0", "1", ... where the file has none. */
  readonly columns: readonly string[];
}

/** Options of `fromFile`. */
export interface FromFileOptions {
  /** Which columns become coordinates, by name or by number from 0, in this order; all by default. */
  readonly columns?: readonly (string | number)[];
  /** Whether the first line of a CSV file names the columns (default true). */
  readonly header?: boolean;
  /** What stands between two cells of a CSV file (default ","). */
  readonly delimiter?: string;
}

const FORMATS = [".npy", ".csv", ".tsv"];

/**
 * Points from a file of one's own: a NumPy array of shape (n, dim) or (n,), or a CSV or TSV table with a point a line.
 *
 * @throws FileError for a file that cannot be read, another shape, or an entry that is not a finite number, naming its place;
 *   ArgumentError for another ending or an unknown column
 */
export async function fromFile(path: string, options: FromFileOptions = {}): Promise<FilePoints> {
  checkKeys("options", options, ["columns", "header", "delimiter"]);
  const format = formatOf(path);
  const table = format === ".npy" ? await numpyTable(path) : await csvTable(path, format, options);
  return options.columns === undefined ? table : choose(table, options.columns);
}

/**
 * Write points to a file: an array of shape (n, dim) to `.npy`, a table with a header to `.csv`.
 *
 * @param columns names of the coordinates in a table; "0", "1", ... by default
 * @throws FileError, ArgumentError
 */
export async function toFile(
  path: string,
  points: Float64Array,
  dim: number,
  columns: readonly string[] = numbered(dim),
): Promise<void> {
  checkInteger("dim", dim, { min: 1 });
  const n = checkPoints("points", points, dim);
  if (columns.length !== dim) throw new ArgumentError("columns", columns, `${dim} names`);
  const format = formatOf(path);
  if (format === ".npy") await writeNpy(path, points, [n, dim]);
  else if (format === ".csv") await writeCsv(path, columns, points);
  else throw new ArgumentError("path", path, "a file name that ends in .npy or .csv");
}

function formatOf(path: string): string {
  const format = extname(path).toLowerCase();
  if (!FORMATS.includes(format)) {
    throw new ArgumentError("path", path, `a file name that ends in ${FORMATS.join(", ")}`);
  }
  return format;
}

async function csvTable(path: string, format: string, options: FromFileOptions): Promise<FilePoints> {
  const { header = true, delimiter = format === ".tsv" ? "\t" : "," } = options;
  const { columns, rows, data } = await readCsv(path, { header, delimiter });
  return { points: data, count: rows, dim: columns.length, columns };
}

async function numpyTable(path: string): Promise<FilePoints> {
  const { data, shape } = await readNpy(path);
  const [count, dim = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || count < 1 || dim < 1) {
    throw new FileError(path, `expected an array of shape (points, coordinates), got (${shape.join(", ")})`);
  }
  const points = Float64Array.from(data as Exclude<NumberArray, BigInt64Array>, Number);
  points.forEach((value, k) => {
    if (Number.isFinite(value)) return;
    const place = `entry [${Math.floor(k / dim)}, ${k % dim}]`;
    throw new FileError(path, `${place}: expected a finite number, got ${value}`);
  });
  return { points, count, dim, columns: numbered(dim) };
}

function choose(table: FilePoints, wanted: readonly (string | number)[]): FilePoints {
  if (wanted.length === 0) throw new ArgumentError("columns", wanted, "at least one column");
  const places = wanted.map((column, k) => {
    if (typeof column === "number") {
      return checkInteger(`columns[${k}]`, column, { min: 0, max: table.dim - 1 });
    }
    const place = table.columns.indexOf(column);
    if (place < 0) throw unknownName(`columns[${k}]`, column, table.columns);
    return place;
  });
  const points = new Float64Array(table.count * places.length);
  for (let i = 0; i < table.count; i++) {
    places.forEach((place, k) => (points[i * places.length + k] = table.points[i * table.dim + place]));
  }
  return { ...table, points, dim: places.length, columns: places.map((place) => table.columns[place]) };
}

function numbered(dim: number): string[] {
  return Array.from({ length: dim }, (_, k) => String(k));
}
