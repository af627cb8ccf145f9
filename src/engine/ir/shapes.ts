/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** The shape that operands of these shapes are broadcast to; operations have checked that they fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [p, q] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    return p === 1 ? q : p;
  });
}

/** Axes counted from 0 in rising order; all of them where none are given. */
export function normalAxes(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  if (axes == null) return Array.from({ length: rank }, (_, i) => i);
  const counted = [axes].flat().map((axis) => normalAxis(axis, rank));
  return counted.sort((a, b) => a - b);
}

export function normalAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
