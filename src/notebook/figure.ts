import { join, relative } from "node:path";
import { ArgumentError } from "../core/errors.js";
import { renderSvg, themed } from "../plots/index.js";
import type { Spec } from "../plots/index.js";
import { writeAtomic } from "../store/index.js";
import { show } from "./display.js";
import { checkName, environment, figureFolder } from "./environment.js";
import { record, saveRun, session } from "./session.js";

/** Options of {@link figure}. */
export interface FigureOptions {
  /** What the figure shows and what to see in it; the description for who cannot see it, too. */
  readonly caption?: string;
}

/** Largest file of a figure, in bytes: a notebook with ten of them still loads at once. */
export const MAX_FIGURE_BYTES = 500_000;

/**
 * Shows a figure, interactive in JupyterLab and as SVG elsewhere, and writes it beside its specification as
 * `<notebook>-<id>.svg` and `.vl.json` in the run's figure folder.
 * @throws ArgumentError for an id used before with another specification, or a figure of more than 500 kB
 */
export async function figure(id: string, spec: Spec, { caption }: FigureOptions = {}): Promise<void> {
  checkName("id", id);
  const full = themed(caption === undefined ? spec : { ...spec, description: caption });
  const text = JSON.stringify(full);
  checkSize("spec", text);
  const run = session();
  const env = environment();
  const name = `${run.notebook}-${id}`;
  const stem = join(figureFolder(env), name);
  const entry = { path: relative(env.out, `${stem}.svg`).replaceAll("\\", "/"), spec: text };
  record(run.figures, id, entry, run.figures.get(id)?.entry.spec === text);
  const svg = await renderSvg(full);
  checkSize("svg", svg);
  await writeAtomic(`${stem}.svg`, svg);
  await writeAtomic(`${stem}.vl.json`, `${text}\n`);
  saveRun(run);
  show({
    "application/vnd.vegalite.v5+json": full,
    "image/svg+xml": svg,
    "text/plain": `figure ${id}${caption === undefined ? "" : `: ${caption}`} (figures/${name}.svg)`,
  });
  if (caption !== undefined) show({ "text/markdown": `*${caption}*` });
}

function checkSize(argument: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_FIGURE_BYTES)
    throw new ArgumentError(
      argument,
      `${Math.ceil(bytes / 1000)} kB`,
      `at most ${MAX_FIGURE_BYTES / 1000} kB: draw fewer marks (3,000 at most), or a field as one image`,
    );
}
