/**
 * A residual score in function space: F(σ, w) = E[u | u + σζ = w] - w = σ² C ∇log(density of w), formally. Points are coefficients of
 * modes, n·dim numbers in and out; it may be learned.
 */
export type Residual = (sigma: number, w: Float64Array) => Float64Array | Promise<Float64Array>;
