export { readIdx, type IdxFile } from "./idx.js";
export { mnist, type Mnist, type MnistOptions } from "./mnist.js";
export { nearestNeighbours, type Neighbours } from "./nearest-neighbours.js";
export { pca, type Pca, type PcaOptions } from "./pca.js";
export { rowsOf, type RowSource } from "./row-source.js";
