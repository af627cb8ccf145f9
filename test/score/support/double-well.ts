/** The law exp(-(1-x²)²)/Z after time t of the Ornstein–Uhlenbeck process dX = -X dt + sqrt(2/β) dW, by quadrature. */
export interface NoisedWell {
  readonly x: Float64Array;
  /** ρ_t at x, normalised to sum 1 over the grid. */
  readonly density: Float64Array;
  /** (log ρ_t)'. */
  readonly score: Float64Array;
}

const GRID = Float64Array.from({ length: 1601 }, (_, i) => (i - 800) / 200);
const WELL_SCORE = GRID.map((x) => 4 * x * (1 - x * x));
/** Errors are integrated over [-3, 3], as in the reference table. */
const REACH = 3;
const WEIGHT = GRID.map((x) => Math.exp(-((1 - x * x) ** 2)));

export function noisedWell(t: number, beta = 1): NoisedWell {
  if (t === 0) return normalised(GRID, WEIGHT, WELL_SCORE);
  const shrink = Math.exp(-t);
  const spread = Math.sqrt((1 - Math.exp(-2 * t)) / beta);
  const x = Float64Array.from({ length: 401 }, (_, i) => ((i - 200) / 200) * REACH);
  const density = new Float64Array(x.length);
  const slope = new Float64Array(x.length);
  x.forEach((to, q) => {
    GRID.forEach((from, i) => {
      const z = (to - shrink * from) / spread;
      const p = WEIGHT[i] * Math.exp((-z * z) / 2);
      density[q] += p;
      slope[q] -= (p * z) / spread;
    });
  });
  return normalised(
    x,
    density,
    slope.map((value, q) => value / density[q]),
  );
}

function normalised(x: Float64Array, weight: Float64Array, score: Float64Array): NoisedWell {
  const mass = weight.reduce((sum, w) => sum + w, 0);
  return { x, density: weight.map((w) => w / mass), score };
}

/** sqrt(∫ (ŝ - s)² ρ / ∫ s² ρ) */
export function relativeError({ density, score }: NoisedWell, found: Float64Array): number {
  let [miss, size] = [0, 0];
  density.forEach((p, q) => {
    miss += p * (found[q] - score[q]) ** 2;
    size += p * score[q] ** 2;
  });
  return Math.sqrt(miss / size);
}
