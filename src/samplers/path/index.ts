/** Sampling by controlled paths: schemes, controls, losses, training. */
export { dds, ddsEuler, type DdsOptions } from "./schemes/dds.js";
export { dis, type DisOptions } from "./schemes/dis.js";
export { disX } from "./schemes/dis-x.js";
export { pis, type PisOptions } from "./schemes/pis.js";
export type { Scheme, Start, StepTable, TimeTable } from "./schemes/scheme.js";
export { simulate, type Paths, type ScoreControl, type SimulateOptions } from "./simulate.js";
