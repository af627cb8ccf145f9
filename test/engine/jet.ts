/** Truncated Taylor series in float64: the reference for derivatives to third order along a line. */
export type Jet = readonly number[];

export const ORDER = 3;
const indices = Array.from({ length: ORDER + 1 }, (_, k) => k);

export const constant = (value: number): Jet => indices.map((k) => (k === 0 ? value : 0));
/** The line x + t v. */
export const line = (x: number, v = 1): Jet => indices.map((k) => (k === 0 ? x : k === 1 ? v : 0));
export const derivatives = (a: Jet): number[] => a.map((c, k) => c * [1, 1, 2, 6][k]);

export const add = (a: Jet, b: Jet): Jet => a.map((c, k) => c + b[k]);
export const sub = (a: Jet, b: Jet): Jet => a.map((c, k) => c - b[k]);
export const scale = (a: Jet, factor: number): Jet => a.map((c) => c * factor);
export const shift = (a: Jet, amount: number): Jet => a.map((c, k) => (k === 0 ? c + amount : c));
export const mul = (a: Jet, b: Jet): Jet =>
  indices.map((k) => indices.slice(0, k + 1).reduce((sum, j) => sum + a[j] * b[k - j], 0));
export const div = (a: Jet, b: Jet): Jet => {
  const q: number[] = [];
  for (const k of indices) q.push((a[k] - q.reduce((sum, c, j) => sum + c * b[k - j], 0)) / b[0]);
  return q;
};

/** y(u) from y at the point and dy/du as a function of u and y: y' = (dy/du) u', coefficient by coefficient. */
function solve(u: Jet, y0: number, slope: (u: Jet, y: Jet) => Jet): Jet {
  let y: number[] = indices.map((k) => (k === 0 ? y0 : 0));
  for (let k = 1; k <= ORDER; k++) {
    const g = slope(u, y);
    const next = indices.slice(1, k + 1).reduce((sum, j) => sum + j * u[j] * g[k - j], 0) / k;
    y = y.map((c, i) => (i === k ? next : c));
  }
  return y;
}

const one = constant(1);
export const exp = (u: Jet): Jet => solve(u, Math.exp(u[0]), (_, y) => y);
export const log = (u: Jet): Jet => solve(u, Math.log(u[0]), (x) => div(one, x));
export const power = (u: Jet, p: number): Jet =>
  solve(u, u[0] ** p, (x, y) => (x[0] === 0 ? constant(NaN) : scale(div(y, x), p)));
export const tanh = (u: Jet): Jet => solve(u, Math.tanh(u[0]), (_, y) => sub(one, mul(y, y)));
export const sigmoid = (u: Jet): Jet => solve(u, 1 / (1 + Math.exp(-u[0])), (_, y) => mul(y, sub(one, y)));
export const softplus = (u: Jet): Jet => solve(u, Math.log1p(Math.exp(u[0])), (x) => sigmoid(x));
export const sin = (u: Jet): Jet => solve(u, Math.sin(u[0]), (x) => cos(x));
export const cos = (u: Jet): Jet => {
  const c0 = Math.cos(u[0]);
  // cos = 1 - 2 sin^2(u / 2) needs a sine whose own slope is a cosine: solve both at once instead.
  let s: number[] = constant(Math.sin(u[0])).slice();
  let c: number[] = constant(c0).slice();
  for (let k = 1; k <= ORDER; k++) {
    const sum = (g: Jet) => indices.slice(1, k + 1).reduce((total, j) => total + j * u[j] * g[k - j], 0) / k;
    const [nextS, nextC] = [sum(c), -sum(s)];
    s = s.map((x, i) => (i === k ? nextS : x));
    c = c.map((x, i) => (i === k ? nextC : x));
  }
  return c;
};
export const sinh = (u: Jet): Jet => scale(sub(exp(u), exp(scale(u, -1))), 0.5);
export const cosh = (u: Jet): Jet => scale(add(exp(u), exp(scale(u, -1))), 0.5);
export const atan = (u: Jet): Jet => solve(u, Math.atan(u[0]), (x) => div(one, shift(mul(x, x), 1)));
export const asin = (u: Jet): Jet => solve(u, Math.asin(u[0]), (x) => power(sub(one, mul(x, x)), -0.5));
export const asinh = (u: Jet): Jet => solve(u, Math.asinh(u[0]), (x) => power(shift(mul(x, x), 1), -0.5));
export const acosh = (u: Jet): Jet => solve(u, Math.acosh(u[0]), (x) => power(shift(mul(x, x), -1), -0.5));
export const atanh = (u: Jet): Jet => solve(u, Math.atanh(u[0]), (x) => div(one, sub(one, mul(x, x))));
export const erf = (u: Jet): Jet =>
  solve(u, erfValue(u[0]), (x) => scale(exp(scale(mul(x, x), -1)), 2 / Math.sqrt(Math.PI)));

/** erf by its Maclaurin series, to rounding for |x| <= 3. */
function erfValue(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
