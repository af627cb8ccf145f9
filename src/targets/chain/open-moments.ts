import { overlap, type Messages } from "./messages.js";
import { transfer } from "./lattice.js";

/** E[f(x_i) f(x_j)] of an open chain for all pairs of sites, dim × dim, f of even or odd parity. */
export function pairExpectations(messages: Messages, f: (x: number) => number): Float64Array {
  const { lattice, left, right, leftScales } = messages;
  const dim = left.length;
  const values = lattice.nodes.map(f);
  const inserted = right.map((message) => message.map((value, q) => values[q] * value));
  const out = new Float64Array(dim * dim);
  const scratch = new Float64Array(values.length);
  let next = new Float64Array(values.length);
  for (let i = 0; i < dim; i++) {
    const mass = overlap(lattice, left[i], right[i]);
    let carried = left[i].map((value, q) => values[q] * value);
    out[i * dim + i] = overlap(lattice, carried, inserted[i]) / mass;
    for (let j = i + 1; j < dim; j++) {
      transfer(lattice, carried, scratch, next);
      const scale = Math.exp(-leftScales[j]);
      for (let q = 0; q < next.length; q++) next[q] *= scale;
      [carried, next] = [next, carried];
      out[i * dim + j] = overlap(lattice, carried, inserted[j]) / overlap(lattice, left[j], right[j]);
      out[j * dim + i] = out[i * dim + j];
    }
  }
  return out;
}
