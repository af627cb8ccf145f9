/** Keys and draws: every random number of the library is a function of a key and a place in its stream. */
export { key, split, foldIn, type Key } from "./key.js";
export { bits } from "./bits.js";
export { uniform } from "./uniform.js";
export { normal, fillNormal } from "./normal.js";
export { randint } from "./randint.js";
export { permutation } from "./permutation.js";
export { categorical } from "./categorical.js";
export { threefry2x32 } from "./threefry.js";
