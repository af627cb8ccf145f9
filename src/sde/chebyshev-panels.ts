import { ArgumentError } from "../core/errors.js";

/** Degree on a panel: 17 Chebyshev points, enough for 15 digits after few bisections of an analytic function. */
const DEGREE = 16;
const FIRST_PANELS = 16;
/** Panels at a jump stop at this fraction of the interval, which is then the error. */
const SMALLEST = 2 ** -28;
/** Below this part of the greatest value, coefficients that three bisections do not reduce are rounding noise of the function. */
const NOISE = 1e-7;
const MOST_PANELS = 2 ** 15;

/** A function on [low, high] as Chebyshev series on adaptive panels, with its antiderivative. */
export interface ChebyshevPanels {
  /** Ends of the panels, increasing; one more than there are panels. */
  readonly ends: Float64Array;
  /** Integral over the whole interval. */
  readonly integral: number;
  /** The function's value, zero outside the interval. */
  value(x: number): number;
  /** Integral from the lower end to x, x clamped to the interval. */
  antiderivative(x: number): number;
  /** The x where the antiderivative of a non-negative function first reaches `target`. */
  inverse(target: number): number;
  /** ∫ f(x) g(x) dx for another function g that is smooth on each panel. */
  integrate(g: (x: number) => number): number;
}

interface Panel {
  readonly low: number;
  readonly high: number;
  readonly values: Float64Array;
  readonly series: Float64Array;
  /** Greatest of the last three coefficients, of this panel first, then of those it was cut from. */
  readonly tails: readonly number[];
}

/**
 * Approximate a function by Chebyshev series of degree 16 on panels that are bisected until the last three coefficients are
 * below 1e-15 of the function's greatest value, or at the level of its rounding noise.
 *
 * @throws ArgumentError where the function is NaN or infinite or too rough, or the interval is empty
 */
export function chebyshevPanels(fn: (x: number) => number, low: number, high: number): ChebyshevPanels {
  if (!(low < high)) throw new ArgumentError("high", high, `a number above low = ${low}`);
  const panels = refine(fn, low, high);
  const ends = Float64Array.from([low, ...panels.map((panel) => panel.high)]);
  const primitives = panels.map(primitive);
  const sums = new Float64Array(panels.length + 1);
  primitives.forEach((series, i) => (sums[i + 1] = sums[i] + clenshaw(series, 1)));
  const local = (i: number, x: number): number => (2 * (x - ends[i])) / (ends[i + 1] - ends[i]) - 1;
  const antiderivative = (x: number): number => {
    if (x <= low) return 0;
    if (x >= high) return sums[panels.length];
    const i = findPanel(ends, x);
    return sums[i] + clenshaw(primitives[i], local(i, x));
  };
  return {
    ends,
    integral: sums[panels.length],
    value(x) {
      if (x < low || x > high) return 0;
      const i = findPanel(ends, x);
      return clenshaw(panels[i].series, local(i, x));
    },
    antiderivative,
    inverse(target) {
      const i = findPanel(sums, target);
      const s = invert(primitives[i], panels[i], target - sums[i]);
      return ends[i] + ((ends[i + 1] - ends[i]) * (s + 1)) / 2;
    },
    integrate(g) {
      let sum = 0;
      for (const panel of panels) sum += integratePanel(panel, g);
      return sum;
    },
  };
}

const NODES = Float64Array.from({ length: DEGREE + 1 }, (_, j) => -Math.cos((Math.PI * j) / DEGREE));

/** Clenshaw–Curtis weights of the nodes on [-1, 1]. */
const WEIGHTS = NODES.map((_, j) => {
  let sum = 0;
  for (let k = 0; k <= DEGREE; k += 2) {
    const half = k === 0 || k === DEGREE ? 0.5 : 1;
    sum += (half * Math.cos((Math.PI * k * (DEGREE - j)) / DEGREE) * 2) / (1 - k * k);
  }
  return (sum * 2) / DEGREE / (j === 0 || j === DEGREE ? 2 : 1);
});

function refine(fn: (x: number) => number, low: number, high: number): Panel[] {
  const width = (high - low) / FIRST_PANELS;
  const first = Array.from({ length: FIRST_PANELS }, (_, i) =>
    samplePanel(fn, low + i * width, i === FIRST_PANELS - 1 ? high : low + (i + 1) * width, []),
  );
  let scale = 0;
  for (const panel of first) for (const v of panel.values) scale = Math.max(scale, Math.abs(v));
  const done: Panel[] = [];
  const waiting = first.reverse();
  while (waiting.length > 0) {
    const panel = waiting.pop() as Panel;
    if (isResolved(panel, scale) || panel.high - panel.low < SMALLEST * (high - low)) {
      done.push(panel);
      continue;
    }
    if (done.length + waiting.length > MOST_PANELS) {
      throw new ArgumentError("fn", fn, `a function that ${MOST_PANELS} panels resolve`);
    }
    const middle = (panel.low + panel.high) / 2;
    waiting.push(samplePanel(fn, middle, panel.high, panel.tails));
    waiting.push(samplePanel(fn, panel.low, middle, panel.tails));
  }
  return done;
}

function samplePanel(fn: (x: number) => number, low: number, high: number, tails: readonly number[]): Panel {
  const values = NODES.map((s) => {
    const x = low + ((high - low) * (s + 1)) / 2;
    const value = fn(x);
    if (!Number.isFinite(value)) throw new ArgumentError(`fn(${x})`, value, "a finite number");
    return value;
  });
  const series = toSeries(values);
  const tail = Math.max(...series.subarray(DEGREE - 2).map(Math.abs));
  return { low, high, values, series, tails: [tail, ...tails.slice(0, 3)] };
}

function isResolved({ tails }: Panel, scale: number): boolean {
  if (tails[0] <= 1e-15 * scale) return true;
  return tails.length === 4 && tails[0] <= NOISE * scale && tails[0] > 0.4 * tails[3];
}

const COSINES = Float64Array.from({ length: (DEGREE + 1) ** 2 }, (_, at) => {
  const k = Math.floor(at / (DEGREE + 1));
  const j = at % (DEGREE + 1);
  const ends = (k % DEGREE === 0 ? 0.5 : 1) * (j % DEGREE === 0 ? 0.5 : 1);
  return (2 / DEGREE) * ends * Math.cos((Math.PI * k * (DEGREE - j)) / DEGREE);
});

function toSeries(values: Float64Array): Float64Array {
  return NODES.map((_, k) => {
    let sum = 0;
    for (let j = 0; j <= DEGREE; j++) sum += COSINES[k * (DEGREE + 1) + j] * values[j];
    return sum;
  });
}

/** Chebyshev series of the integral from the panel's lower end. */
function primitive({ low, high, series }: Panel): Float64Array {
  const half = (high - low) / 2;
  const out = new Float64Array(DEGREE + 2);
  const at = (k: number): number => (k > DEGREE ? 0 : k === 0 ? 2 * series[0] : series[k]);
  let start = 0;
  for (let k = 1; k <= DEGREE + 1; k++) {
    out[k] = (half * (at(k - 1) - at(k + 1))) / (2 * k);
    start += k % 2 === 0 ? out[k] : -out[k];
  }
  out[0] = -start;
  return out;
}

function clenshaw(series: Float64Array, s: number): number {
  let b1 = 0;
  let b2 = 0;
  for (let k = series.length - 1; k > 0; k--) {
    const b0 = 2 * s * b1 - b2 + series[k];
    b2 = b1;
    b1 = b0;
  }
  return s * b1 - b2 + series[0];
}

/** The last index i with ends[i] <= x, at most ends.length - 2. */
function findPanel(ends: Float64Array, x: number): number {
  let low = 0;
  let high = ends.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ends[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Newton's method kept inside a shrinking bracket: the s in [-1, 1] where the increasing series reaches `target`. */
function invert(series: Float64Array, panel: Panel, target: number): number {
  let low = -1;
  let high = 1;
  let s = Math.min(1, Math.max(-1, (2 * target) / clenshaw(series, 1) - 1));
  const half = (panel.high - panel.low) / 2;
  for (let i = 0; i < 60 && high - low > 4e-16; i++) {
    const miss = clenshaw(series, s) - target;
    if (miss > 0) high = s;
    else low = s;
    const step = miss / (half * clenshaw(panel.series, s));
    const next = s - step;
    if (Math.abs(step) < 1e-15) return Math.min(1, Math.max(-1, next));
    s = next > low && next < high ? next : (low + high) / 2;
  }
  return s;
}

function integratePanel({ low, high, values }: Panel, g: (x: number) => number): number {
  let sum = 0;
  for (let j = 0; j <= DEGREE; j++)
    sum += WEIGHTS[j] * values[j] * g(low + ((high - low) * (NODES[j] + 1)) / 2);
  return (sum * (high - low)) / 2;
}
