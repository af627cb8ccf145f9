import { createHash } from "node:crypto";
import type { Spec } from "./spec.js";
import { themed } from "./theme.js";

/** Options of {@link renderSvg}. */
export interface RenderOptions {
  /** Told what Vega-Lite complains about, such as a field that no row has; by default warnings are errors. */
  readonly onWarning?: (message: string) => void;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Draws a specification, with the theme, as a static SVG: the same text for the same specification, in any process.
 * @throws ArgumentError for what is no specification; Error for what Vega-Lite refuses or warns about
 */
export function renderSvg(spec: Spec, { onWarning }: RenderOptions = {}): Promise<string> {
  const full = themed(spec);
  // One at a time: the counter behind the ids in an SVG belongs to the whole process.
  const drawn = last.then(() => draw(full, onWarning ?? refuse));
  last = drawn.catch(() => undefined);
  return drawn;
}

function refuse(message: string): never {
  throw new Error(`Vega-Lite: ${message}`);
}

async function draw(spec: Spec, onWarning: (message: string) => void): Promise<string> {
  const [vega, lite] = await Promise.all([import("vega"), import("vega-lite")]);
  const messages: string[] = [];
  const logger = collect(messages);
  const compiled = lite.compile(spec as unknown as Parameters<typeof lite.compile>[0], { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logger });
  vega.resetSVGDefIds();
  const svg = await view.toSVG();
  view.finalize();
  for (const message of messages) onWarning(message);
  return finish(svg, typeof spec.description === "string" ? spec.description : "");
}

/** A logger in the form that both libraries take. */
function collect(messages: string[]) {
  const keep = (...args: readonly unknown[]) => {
    messages.push(args.map((arg) => (arg instanceof Error ? arg.message : String(arg))).join(" "));
    return logger;
  };
  const skip = () => logger;
  function level(value: number): typeof logger;
  function level(): number;
  function level(value?: number): typeof logger | number {
    return value === undefined ? 2 : logger;
  }
  const logger = { level, error: keep, warn: keep, info: skip, debug: skip };
  return logger;
}

/** One image with one description, coordinates to a hundredth of a pixel, ids that no other figure of a page has. */
function finish(svg: string, description: string): string {
  const own = createHash("sha256").update(svg).digest("hex").slice(0, 8);
  const named = svg.replace(/(id="|url\(#)((?:clip|gradient)_?\d+)/g, `$1f${own}-$2`);
  const rounded = named.replace(/ (d|transform|x|y|x2|y2)="([^"]*)"/g, (_, name: string, value: string) => {
    return ` ${name}="${value.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (digits) => String(Math.round(Number(digits) * 100) / 100))}"`;
  });
  const label = description.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return rounded.replace("<svg ", label ? `<svg role="img" aria-label="${label}" ` : '<svg role="img" ');
}
