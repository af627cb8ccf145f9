import { sinkhorn, type SinkhornOptions } from "../transport/index.js";

/** A Sinkhorn divergence, and whether all three transports under it converged. */
export interface SinkhornDivergence {
  readonly value: number;
  readonly converged: boolean;
}

/**
 * Sinkhorn divergence OT_ε(x, y) - ½ OT_ε(x, x) - ½ OT_ε(y, y) for the cost |x - y|²: at least 0, and 0 for equal clouds
 * (J. Feydy et al., 2019).
 *
 * @param x n·dim numbers
 * @param y m·dim numbers
 * @throws ArgumentError for what `transport.sinkhorn` refuses: ragged or non-finite points, masses that do not fit, ε ≤ 0
 */
export async function sinkhornDivergence(
  x: Float64Array,
  y: Float64Array,
  options: SinkhornOptions,
): Promise<SinkhornDivergence> {
  const { a, b, ...common } = options;
  const between = await sinkhorn(x, y, options);
  const own = async (points: Float64Array, mass: Float64Array | undefined) =>
    sinkhorn(points, points, { ...common, ...(mass && { a: mass, b: mass }) });
  const [first, second] = [await own(x, a), await own(y, b)];
  return {
    value: between.value - 0.5 * first.value - 0.5 * second.value,
    converged: between.converged && first.converged && second.converged,
  };
}
