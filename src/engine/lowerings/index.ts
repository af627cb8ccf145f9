import { arithmetic } from "./arithmetic.js";
import { comparison } from "./comparison.js";
import { convolution } from "./convolution.js";
import { creation } from "./creation.js";
import { functions } from "./functions.js";
import { indexing } from "./indexing.js";
import { layout } from "./layout.js";
import type { Lowerings } from "./lowering.js";
import { products } from "./products.js";
import { reductions } from "./reductions.js";
import { loops } from "./loops.js";

/** Every tfjs kernel that programs may use, and how it is written down. */
export const lowerings: Lowerings = {
  ...arithmetic,
  ...comparison,
  ...convolution,
  ...creation,
  ...functions,
  ...indexing,
  ...layout,
  ...loops,
  ...products,
  ...reductions,
};
