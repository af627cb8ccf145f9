import { ArgumentError } from "../core/errors.js";

/** A figure as data: a Vega-Lite specification within what versions 5 and 6 share. */
export type Spec = Readonly<Record<string, unknown>>;

/** The schema every figure carries: JupyterLab draws version 5, and version 6 reads it too. */
export const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

const VIEWS = ["mark", "layer", "facet", "hconcat", "vconcat", "concat", "repeat", "spec"];

/** A plain object that draws something, with the version-5 schema or none. @throws ArgumentError */
export function checkSpec(argument: string, spec: Spec): Spec {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec))
    throw new ArgumentError(argument, spec, "a Vega-Lite specification (a plain object)");
  if (!VIEWS.some((view) => view in spec))
    throw new ArgumentError(argument, spec, `a Vega-Lite specification with one of ${VIEWS.join(", ")}`);
  if (spec.$schema !== undefined && spec.$schema !== SCHEMA)
    throw new ArgumentError(`${argument}.$schema`, spec.$schema, SCHEMA);
  return spec;
}
