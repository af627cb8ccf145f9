import type { SitePair } from "./clusters.js";
import type { Level, SiteTables } from "./level-tables.js";
import { areDisjoint, dictionary, pairOf, type MomentBlock } from "./moment-plan.js";

/**
 * Gram entries at one time of the functions of pair p (rows) with those of pair q (columns), n²·n² numbers; p is not after q in
 * the layout's order.
 */
export function pairBlock(level: Level, p: SitePair, q: SitePair): Float64Array {
  if (p[0] === q[0] && p[1] === q[1]) return sameBlock(level, p);
  return areDisjoint(p, q) ? disjointBlock(level, p, q) : overlapBlock(level, p, q);
}

/** Σ_m Σ_m' U_k[aa'][m] E[ψ_m(x_k) ψ_m'(x_l)] U_l[bb'][m'] at (a b, a' b'). */
function sameBlock({ problem, moments, sites }: Level, [k, l]: SitePair): Float64Array {
  const { n, plan } = problem;
  const block = plan.find(dictionary(k), dictionary(l));
  const half = halfProducts(sites[k], n, moments, block, sites[l].size);
  const terms = sites[l].size;
  const out = new Float64Array(n ** 4);
  let row = 0;
  for (let a = 0; a < n; a++) {
    for (let c = 0; c <= a; c++, row += terms) {
      for (let b = 0; b < n; b++) {
        for (let d = 0; d <= b; d++) {
          let sum = 0;
          const other = (b * n + d) * terms;
          for (let m = 0; m < terms; m++) sum += half[row + m] * sites[l].products[other + m];
          out[(a * n + b) * n * n + c * n + d] = sum;
          out[(a * n + d) * n * n + c * n + b] = sum;
          out[(c * n + b) * n * n + a * n + d] = sum;
          out[(c * n + d) * n * n + a * n + b] = sum;
        }
      }
    }
  }
  return out;
}

/** Rows (a, c) with c ≤ a of U M: the moments' rows are the dictionary of the site. */
function halfProducts(
  { products, size }: SiteTables,
  n: number,
  moments: Float64Array,
  block: MomentBlock,
  cols: number,
): Float64Array {
  const out = new Float64Array(((n * (n + 1)) / 2) * cols);
  let row = 0;
  for (let a = 0; a < n; a++) {
    for (let c = 0; c <= a; c++, row += cols) {
      for (let m = 0; m < size; m++) {
        const factor = products[(a * n + c) * size + m];
        if (factor === 0) continue;
        const from = block.offset + m * block.stride;
        for (let j = 0; j < cols; j++) out[row + j] += factor * moments[from + j];
      }
    }
  }
  return out;
}

/** One shared site s: Σ_m U_s[aa'][m] E[ψ_m(x_s) φ_b(x_o) φ_b'(x_o')] e^{(λ_b + λ_b') t}. */
function overlapBlock({ problem, moments, sites }: Level, p: SitePair, q: SitePair): Float64Array {
  const { n, plan } = problem;
  const shared = q.includes(p[0]) ? p[0] : p[1];
  const [own, other] = [otherSite(p, shared), otherSite(q, shared)];
  const block = plan.find(dictionary(shared), pairOf(own, other));
  const half = halfProducts(sites[shared], n, moments, block, n * n);
  // Strides of the shared and of the other index in rows and columns, and of the two others in the moments' columns.
  const [rowShared, rowOwn] = p[0] === shared ? [n, 1] : [1, n];
  const [colShared, colOther] = q[0] === shared ? [n, 1] : [1, n];
  const [ownStride, otherStride] = own < other ? [n, 1] : [1, n];
  const out = new Float64Array(n ** 4);
  let row = 0;
  for (let a = 0; a < n; a++) {
    for (let c = 0; c <= a; c++, row += n * n) {
      for (let b = 0; b < n; b++) {
        for (let d = 0; d < n; d++) {
          const decay = sites[own].decay[b] * sites[other].decay[d];
          const value = decay * half[row + b * ownStride + d * otherStride];
          out[(a * rowShared + b * rowOwn) * n * n + c * colShared + d * colOther] = value;
          out[(c * rowShared + b * rowOwn) * n * n + a * colShared + d * colOther] = value;
        }
      }
    }
  }
  return out;
}

const otherSite = ([a, b]: SitePair, shared: number): number => (a === shared ? b : a);

function disjointBlock({ problem, moments, sites }: Level, p: SitePair, q: SitePair): Float64Array {
  const { n, plan } = problem;
  const block = plan.find(pairOf(...p), pairOf(...q));
  const [rows, cols] = [pairDecay(sites, p, n), pairDecay(sites, q, n)];
  const out = new Float64Array(n ** 4);
  for (let i = 0; i < n * n; i++) {
    for (let j = 0; j < n * n; j++) {
      out[i * n * n + j] = rows[i] * cols[j] * moments[block.offset + i * block.stride + j];
    }
  }
  return out;
}

function pairDecay(sites: readonly SiteTables[], [k, l]: SitePair, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, ab) => {
    return sites[k].decay[Math.floor(ab / n)] * sites[l].decay[ab % n];
  });
}
