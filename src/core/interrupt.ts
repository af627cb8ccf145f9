/**
 * Aborted when the notebook's cell that runs now is interrupted; undefined outside of the project's kernel.
 *
 * Long loops look at it beside their own `signal`: they can then end in good order, with their state kept.
 */
export function cellSignal(): AbortSignal | undefined {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for("scorebook.kernel")];
  return (kernel as { readonly signal?: AbortSignal } | undefined)?.signal;
}
