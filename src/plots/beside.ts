import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Spec } from "./spec.js";

/**
 * Figures beside each other as one, each with its own axes, colours and legend filter. Sliders over the same frames are one.
 * @param columns figures in a row; all of them unless told
 * @throws ArgumentError for no figures, or sliders over different frames
 */
export function beside(
  specs: readonly Spec[],
  { title, description, columns }: { title?: string; description?: string; columns?: number } = {},
): Spec {
  if (specs.length === 0) throw new ArgumentError("specs", specs, "at least one figure");
  const params = sliders(specs);
  return {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? specs.map((spec) => String(spec.description)).join("; "),
    ...(params.length === 0 ? {} : { params }),
    ...(columns === undefined
      ? { hconcat: specs.map(withOwnFilter) }
      : { concat: specs.map(withOwnFilter), columns: checkInteger("columns", columns, { min: 1 }) }),
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
    spacing: 20,
  };
}

/** Sliders belong to the whole figure. */
function sliders(specs: readonly Spec[]): Spec[] {
  const params = specs.flatMap(
    (spec) => (spec.params as readonly Spec[] | undefined)?.filter(isSlider) ?? [],
  );
  const [first] = params;
  for (const param of params)
    if (JSON.stringify(param) !== JSON.stringify(first))
      throw new ArgumentError("specs", param, "sliders over the same frames");
  return params.slice(0, 1);
}

function isSlider(param: Spec): boolean {
  return "bind" in param && !("select" in param);
}

/** Selections of one figure need names of their own. */
function withOwnFilter({ params, ...spec }: Spec, index: number): Spec {
  const own = (params as readonly Spec[] | undefined)?.filter((param) => !isSlider(param)) ?? [];
  const text = JSON.stringify({ ...spec, ...(own.length === 0 ? {} : { params: own }) });
  return JSON.parse(text.replaceAll('"shown"', `"shown${index}"`)) as Spec;
}
