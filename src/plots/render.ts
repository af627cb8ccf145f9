import { createHash } from "node:crypto";
import { shareMarks } from "./repeated-marks.js";
import type { Spec } from "./spec.js";
import { themed } from "./theme.js";

/** Said of a brush, which listens to the window's mouse; a still picture needs none. */
const NO_WINDOW = "Can not resolve event source: window";

/** Options of {@link renderSvg}. */
export interface RenderOptions {
  /** Told what Vega-Lite complains about, such as a field that no row has; by default warnings are errors. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Draws a specification, with the theme, as a static SVG: the same text for the same specification, in any process.
 * @throws ArgumentError for what is no specification; Error for what Vega-Lite refuses or warns about
 */
export async function renderSvg(spec: Spec, { onWarning = refuse }: RenderOptions = {}): Promise<string> {
  const full = themed(spec);
  const [vega, lite] = await Promise.all([import("vega"), import("vega-lite")]);
  const messages: string[] = [];
  const logger = collect(messages);
  const own = JSON.parse(JSON.stringify(full)) as Parameters<typeof lite.compile>[0]; // Vega marks the rows it is given
  const compiled = lite.compile(own, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  for (const message of messages) if (message !== NO_WINDOW) onWarning(message);
  return finish(svg, full);
}

function refuse(message: string): never {
  throw new Error(`Vega-Lite: ${message}`);
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

/** One image with one description on a rounded card, with ids of its own, coordinates to a hundredth of a pixel and shared marks. */
function finish(svg: string, spec: Spec): string {
  const description = typeof spec.description === "string" ? spec.description : "";
  const label = description.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const prefix = `f${createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 8)}`;
  const plain = ownIds(svg, prefix)
    .replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, "") // of one image, the parts are not read out
    .replace(
      / (d|transform|x|y|x2|y2)="([^"]*)"/g,
      (_, name: string, value: string) => ` ${name}="${rounded(value)}"`,
    );
  return shareMarks(plain, prefix)
    .replace("<svg ", label ? `<svg role="img" aria-label="${label}" ` : '<svg role="img" ')
    .replace("<rect ", '<rect rx="6" ');
}

function rounded(numbers: string): string {
  return numbers.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (digits) =>
    String(Math.round(Number(digits) * 100) / 100),
  );
}

/** Vega counts ids through the whole process; a page with several figures needs them to differ, and files to be equal. */
function ownIds(svg: string, prefix: string): string {
  const names = new Map<string, string>();
  for (const [, id] of svg.matchAll(/ id="([^"]+)"/g)) names.set(id, `${prefix}-${names.size}`);
  return svg.replace(
    /( id="|url\(#|href="#)([^")]+)/g,
    (_, before: string, id: string) => before + (names.get(id) ?? id),
  );
}
