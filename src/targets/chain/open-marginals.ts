import { density1d, type Density1d } from "../../sde/index.js";
import { chainRadius, siteWeight, transfer, transferAt } from "./lattice.js";
import { leftAt, overlap, rightAt, type Messages } from "./messages.js";

/** The law of site i (from 0) of an open chain. */
export function siteMarginal(messages: Messages, i: number): Density1d {
  const { shape } = messages;
  const radius = chainRadius(shape);
  const density = (x: number): number =>
    leftAt(messages, i, x) * siteWeight(shape.barrier, x) * rightAt(messages, i, x);
  return density1d(density, -radius, radius);
}

/** The joint density of sites i < j of an open chain on a product grid, xs.length × ys.length. */
export function pairMarginal(
  messages: Messages,
  [i, j]: readonly [number, number],
  xs: Float64Array,
  ys: Float64Array,
): Float64Array {
  const { shape, lattice, left, right } = messages;
  const mass = overlap(lattice, left[j], right[j]);
  const ends = ys.map((y) => (siteWeight(shape.barrier, y) * rightAt(messages, j, y)) / mass);
  const out = new Float64Array(xs.length * ys.length);
  xs.forEach((x, a) => {
    const path = pathFrom(messages, i, j, x);
    ys.forEach((y, b) => (out[a * ys.length + b] = path(y) * ends[b]));
  });
  return out;
}

/** y ↦ sum over the sites up to j, with x_i = x, x_j = y and all weights but that of site j, scaled as left[j] is. */
function pathFrom(messages: Messages, i: number, j: number, x: number): (y: number) => number {
  const { shape, lattice, leftScales } = messages;
  const bond = (y: number): number => Math.exp((-shape.coupling * (x - y) ** 2) / 2);
  const factor = (k: number): number => Math.exp(-leftScales[k]);
  const start = leftAt(messages, i, x) * siteWeight(shape.barrier, x) * factor(i + 1);
  if (j === i + 1) return (y) => start * bond(y);
  const scratch = new Float64Array(lattice.nodes.length);
  const carried = lattice.nodes.map((z) => start * bond(z));
  const next = new Float64Array(carried.length);
  for (let k = i + 2; k < j; k++) {
    transfer(lattice, carried, scratch, next);
    carried.set(next.map((value) => value * factor(k)));
  }
  return (y) => transferAt(lattice, shape.coupling, carried, y) * factor(j);
}
