/**
 * Threefry-2x32 with 20 rounds: a bijection of 64-bit counters under a 64-bit key, whose values serve as random bits.
 *
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3.
 *
 * A counter is (c0, c1). Here c1 holds the low 32 bits of a block's number and c0 the bits above them together with a domain
 * (its two top bits), so that draws, split keys and folded keys of one key never share a block.
 */

const PARITY = 0x1bd11bda;

/** What a block is for; the value sits in the two top bits of the counter's first word. */
export const DOMAIN = { draws: 0, split: 0x40000000, fold: 0x80000000 } as const;

/** Block numbers stay below 2^52, so their high word never reaches the domain's bits. */
export const MAX_BLOCKS: number = 2 ** 52;

/**
 * One block: the two output words of counter (c0, c1) under the key (k0, k1).
 *
 * @returns two unsigned 32-bit numbers
 */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number): [number, number] {
  const out = new Uint32Array(2);
  fill(out, 1, k0, k1, c0, c1);
  return [out[0], out[1]];
}

/**
 * Words 2b and 2b+1 of `out` are the block `first + b` of the key (k0, k1) in `domain`, for b below `blocks`.
 */
export function fillBlocks(
  out: Uint32Array,
  blocks: number,
  k0: number,
  k1: number,
  domain: number,
  first: number,
): void {
  let number = first;
  let done = 0;
  while (done < blocks) {
    const low = number % 2 ** 32;
    const high = (number - low) / 2 ** 32;
    // a run ends where the low word wraps round
    const run = Math.min(blocks - done, 2 ** 32 - low);
    fill(done === 0 ? out : out.subarray(2 * done), run, k0, k1, domain | high, low);
    done += run;
    number += run;
  }
}

function fill(out: Uint32Array, blocks: number, k0: number, k1: number, c0: number, c1: number): void {
  k0 |= 0;
  k1 |= 0;
  const k2 = PARITY ^ k0 ^ k1;
  // the key words of the five injections, their round numbers added
  const [a1, b1] = [k1, (k2 + 1) | 0];
  const [a2, b2] = [k2, (k0 + 2) | 0];
  const [a3, b3] = [k0, (k1 + 3) | 0];
  const [a4, b4] = [k1, (k2 + 4) | 0];
  const [a5, b5] = [k2, (k0 + 5) | 0];
  const start = (c0 + k0) | 0;
  let counter = (c1 + k1) | 0;
  for (let i = 0; i < 2 * blocks; i += 2) {
    let x = start;
    let y = counter;
    counter = (counter + 1) | 0;

    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + a1) | 0;
    y = (y + b1) | 0;

    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + a2) | 0;
    y = (y + b2) | 0;

    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + a3) | 0;
    y = (y + b3) | 0;

    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + a4) | 0;
    y = (y + b4) | 0;

    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    out[i] = x + a5;
    out[i + 1] = y + b5;
  }
}
