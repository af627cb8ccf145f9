import { ArgumentError } from "../core/errors.js";
import type { Spec } from "./spec.js";

/**
 * Figures beside each other as one, each with its own axes, colours and legend filter.
 * @throws ArgumentError for no figures
 */
export function beside(
  specs: readonly Spec[],
  { title, description }: { title?: string; description?: string } = {},
): Spec {
  if (specs.length === 0) throw new ArgumentError("specs", specs, "at least one figure");
  return {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? specs.map((spec) => String(spec.description)).join("; "),
    hconcat: specs.map(withOwnFilter),
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
    spacing: 30,
  };
}

/** Selections of one figure need names of their own. */
function withOwnFilter(spec: Spec, index: number): Spec {
  const text = JSON.stringify(spec).replaceAll('"shown"', `"shown${index}"`);
  return JSON.parse(text) as Spec;
}
