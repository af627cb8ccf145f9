import type { SiteFunctions, SpectralBasis1d } from "./basis.js";
import type { ClusterGroup, ClusterLayout } from "./clusters.js";
import { coefficientLayout, type CoefficientLayout, type Run } from "./coefficient-layout.js";
import { contractOne, contractTwo, multiplyLanes } from "./contraction.js";

/** Points whose features are held at once, a multiple of STRIP: their features stay in the first- or second-level cache. */
const LANES = 16;
/** Points of one contraction. */
const STRIP = 4;

/** What an expansion is over. */
export interface ExpansionSpace {
  readonly dim: number;
  readonly n: number;
  readonly bases: readonly SpectralBasis1d[];
  readonly layout: ClusterLayout;
}

/**
 * The learned functions at many points: out_j(x) = Σ_i c_ij φ_i(x), with every feature of a point evaluated once.
 * One object serves one thread; a call allocates next to nothing.
 */
export class Expansion {
  readonly sites: readonly SiteFunctions[];
  private readonly dim: number;
  private readonly n: number;
  private readonly layout: CoefficientLayout;
  private readonly groups: readonly ClusterGroup[];
  private readonly pairs: Int32Array;
  /** Feature i of the p-th point at i·LANES + p. */
  private readonly features: Float64Array;
  private readonly sums = new Float64Array(2 * STRIP);

  /** @param low, high where the functions are evaluated, dim numbers each */
  constructor({ dim, n, bases, layout }: ExpansionSpace, low: Float64Array, high: Float64Array) {
    this.dim = dim;
    this.n = n;
    this.layout = coefficientLayout(layout, n);
    this.groups = layout.groups;
    this.sites = bases.map((basis, k) => basis.site(low[k], high[k]));
    this.pairs = Int32Array.from(layout.pairs.flat());
    this.features = new Float64Array(LANES * this.layout.features).fill(1, 0, LANES);
  }

  /**
   * Evaluate the expansion at x, count·dim numbers within the functions' domain, row by row into out.
   * @param coefficients one time level's, as `coefficientLayout` orders them
   */
  evaluate(coefficients: Float64Array, x: Float64Array, out: Float64Array, count: number): void {
    for (let first = 0; first < count; first += LANES) {
      const lanes = Math.min(LANES, count - first);
      this.writeFeatures(x, first * this.dim, lanes);
      for (let strip = 0; strip < lanes; strip += STRIP) {
        this.contract(coefficients, strip, out, (first + strip) * this.dim, Math.min(STRIP, lanes - strip));
      }
    }
  }

  private writeFeatures(x: Float64Array, at: number, count: number): void {
    const { dim, n, sites, pairs, features } = this;
    for (let k = 0; k < dim; k++) {
      sites[k].write({ x, at: at + k, stride: dim, count }, features, (1 + k * n) * LANES, LANES);
    }
    let place = (1 + dim * n) * LANES;
    for (let p = 0; p < pairs.length; p += 2) {
      const first = (1 + pairs[p] * n) * LANES;
      const second = (1 + pairs[p + 1] * n) * LANES;
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++, place += LANES) {
          multiplyLanes(features, first + a * LANES, second + b * LANES, place, LANES);
        }
      }
    }
  }

  /** All components at the `count` ≤ 4 points from the strip on. */
  private contract(c: Float64Array, strip: number, out: Float64Array, at: number, count: number): void {
    const { dim, layout, groups } = this;
    for (let i = at; i < at + count * dim; i++) out[i] = 0;
    for (let j = 0; j + 1 < dim; j += 2) this.addTwo(c, layout.base, 0, j, j + 1, strip, out, at, count);
    if (dim % 2 === 1) this.addOne(c, layout.base, 0, dim - 1, strip, out, at, count);
    for (let g = 0; g < groups.length; g++) {
      const { components } = groups[g];
      const runs = layout.pairRuns[components[0]];
      let skip = layout.base.length;
      for (let r = 0; r < runs.length; r++) {
        let i = 0;
        for (; i + 1 < components.length; i += 2) {
          this.addTwo(c, runs[r], skip, components[i], components[i + 1], strip, out, at, count);
        }
        if (i < components.length) this.addOne(c, runs[r], skip, components[i], strip, out, at, count);
        skip += runs[r].length;
      }
    }
  }

  private addTwo(
    c: Float64Array,
    { feature, length }: Run,
    skip: number,
    i: number,
    j: number,
    strip: number,
    out: Float64Array,
    at: number,
    count: number,
  ): void {
    const { dim, layout, sums, features } = this;
    const first = layout.offsets[i] + skip;
    const second = layout.offsets[j] + skip;
    contractTwo(features, feature * LANES + strip, LANES, length, c, first, second, sums);
    for (let p = 0; p < count; p++) {
      out[at + p * dim + i] += sums[p];
      out[at + p * dim + j] += sums[STRIP + p];
    }
  }

  private addOne(
    c: Float64Array,
    { feature, length }: Run,
    skip: number,
    j: number,
    strip: number,
    out: Float64Array,
    at: number,
    count: number,
  ): void {
    const { dim, layout, sums, features } = this;
    contractOne(features, feature * LANES + strip, LANES, length, c, layout.offsets[j] + skip, sums);
    for (let p = 0; p < count; p++) out[at + p * dim + j] += sums[p];
  }
}
