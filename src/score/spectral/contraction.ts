/**
 * Sums over features for two components at four points: Σ_i c[first + i] f[at + i·lanes + p] for p = 0..3 into sums[0..3], and the same
 * with `second` into sums[4..7]. Eight sums are held in registers.
 */
export function contractTwo(
  f: Float64Array,
  at: number,
  lanes: number,
  length: number,
  c: Float64Array,
  first: number,
  second: number,
  sums: Float64Array,
): void {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  let from = at;
  for (let i = 0; i < length; i++) {
    const a = c[first + i];
    const b = c[second + i];
    const x0 = f[from];
    const x1 = f[from + 1];
    const x2 = f[from + 2];
    const x3 = f[from + 3];
    a0 += a * x0;
    a1 += a * x1;
    a2 += a * x2;
    a3 += a * x3;
    b0 += b * x0;
    b1 += b * x1;
    b2 += b * x2;
    b3 += b * x3;
    from += lanes;
  }
  sums[0] = a0;
  sums[1] = a1;
  sums[2] = a2;
  sums[3] = a3;
  sums[4] = b0;
  sums[5] = b1;
  sums[6] = b2;
  sums[7] = b3;
}

/** The same for one component, into sums[0..3]. */
export function contractOne(
  f: Float64Array,
  at: number,
  lanes: number,
  length: number,
  c: Float64Array,
  first: number,
  sums: Float64Array,
): void {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let from = at;
  for (let i = 0; i < length; i++) {
    const a = c[first + i];
    a0 += a * f[from];
    a1 += a * f[from + 1];
    a2 += a * f[from + 2];
    a3 += a * f[from + 3];
    from += lanes;
  }
  sums[0] = a0;
  sums[1] = a1;
  sums[2] = a2;
  sums[3] = a3;
}

/** f[place + i] = f[u + i] f[v + i] for `lanes` places, a multiple of four. */
export function multiplyLanes(f: Float64Array, u: number, v: number, place: number, lanes: number): void {
  for (let i = 0; i < lanes; i += 4) {
    f[place + i] = f[u + i] * f[v + i];
    f[place + i + 1] = f[u + i + 1] * f[v + i + 1];
    f[place + i + 2] = f[u + i + 2] * f[v + i + 2];
    f[place + i + 3] = f[u + i + 3] * f[v + i + 3];
  }
}
