/**
 * The place t in [0, 1] where the integral from 0 of the cubic with values p0, p1 and slopes d0, d1 at the ends reaches `target`.
 *
 *   F(t) = p0 t + d0 t²/2 + (3 (p1 - p0) - 2 d0 - d1) t³/3 + (2 (p0 - p1) + d0 + d1) t⁴/4
 *
 * Newton's method kept inside a shrinking bracket.
 */
export function invertCell(p0: number, p1: number, d0: number, d1: number, target: number): number {
  const c2 = 3 * (p1 - p0) - 2 * d0 - d1;
  const c3 = 2 * (p0 - p1) + d0 + d1;
  const whole = (p0 + p1) / 2 + (d0 - d1) / 12;
  let low = 0;
  let high = 1;
  let t = whole > 0 ? Math.min(1, Math.max(0, target / whole)) : 0.5;
  for (let i = 0; i < 40; i++) {
    const miss = t * (p0 + t * (d0 / 2 + t * (c2 / 3 + (t * c3) / 4))) - target;
    if (miss > 0) high = t;
    else low = t;
    const next = t - miss / (p0 + t * (d0 + t * (c2 + t * c3)));
    if (Math.abs(next - t) < 1e-13) return Math.min(1, Math.max(0, next));
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}
