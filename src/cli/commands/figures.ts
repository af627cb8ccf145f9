import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../notebook/environment.js";
import { writeAtomic } from "../../store/index.js";
import { EXIT, JSON_FLAG } from "../command.js";
import type { Command } from "../command.js";
import { readRecord, shownPath } from "../document.js";
import { collect } from "../gallery/collect.js";
import { galleryPage } from "../gallery/page.js";
import { version } from "../machine.js";
import { findNotebooks } from "../notebooks.js";
import type { Notebook } from "../notebooks.js";
import { readResults } from "../results.js";

interface FigureFile {
  readonly path: string;
  readonly spec: string | null;
  readonly bytes: number;
  readonly committed: boolean;
}

export const figures: Command = {
  name: "figures",
  summary: "Builds a gallery of the figures: one page that opens from disk, searchable, with data and code.",
  operands: "[NOTEBOOK...]",
  flags: [
    { name: "out", value: "DIR", text: "figures that runs left in DIR, instead of the committed ones" },
    { name: "list", text: "list the figures, those of runs in out/ too, and build nothing" },
    JSON_FLAG,
  ],
  notes: [
    "The page is figures/index.html (or DIR/figures/index.html); it holds all it needs and asks no other host.",
    "Beside each figure stand the cell that made it and the talk's numbers with ours, from figures/results.json.",
  ],
  run: async ({ operands, text, given }) => {
    const notebooks = findNotebooks(operands);
    const json = given.has("json");
    if (given.has("list")) return list(operands.length === 0 ? undefined : notebooks, text.out, json);
    const page = await build(notebooks, text.out);
    process.stdout.write(
      json
        ? `${JSON.stringify(page, null, 2)}\n`
        : `${page.gallery}  ${page.figures} figures of ${page.notebooks} notebooks, ${Math.ceil(page.bytes / 1000)} kB\n`,
    );
    return EXIT.ok;
  },
};

/** Writes the page of the committed figures, or of those of the runs in a folder. */
async function build(notebooks: readonly Notebook[], out: string | undefined) {
  const folder = out === undefined ? join(root, "figures") : join(resolve(out), "figures");
  const committed = readResults();
  const results =
    out === undefined
      ? (committed?.notebooks ?? [])
      : notebooks.map(({ name }) => ({ notebook: name, checks: readRecord(resolve(out), name).checks }));
  const groups = collect(folder, notebooks, results);
  const origin =
    out === undefined && committed
      ? `Scorebook ${version()}, profile ${committed.profile}, ${committed.machine.cpu}, ${committed.machine.cores} cores`
      : `Scorebook ${version()}, runs in ${shownPath(resolve(out ?? root))}`;
  const page = galleryPage(groups, origin);
  const path = join(folder, "index.html");
  await writeAtomic(path, page);
  return {
    gallery: shownPath(path),
    notebooks: groups.length,
    figures: groups.reduce((sum, group) => sum + group.figures.length, 0),
    bytes: Buffer.byteLength(page),
  };
}

function list(notebooks: readonly Notebook[] | undefined, dir: string | undefined, json: boolean): number {
  const out = resolve(dir ?? process.env.SCOREBOOK_OUT ?? join(root, "out"));
  const wanted = notebooks?.map(({ name }) => `${name}-`);
  const found = [...figuresIn(join(root, "figures"), true), ...figuresIn(join(out, "figures"), false)].filter(
    ({ path }) => wanted?.some((start) => path.split(/[\\/]/).at(-1)?.startsWith(start)) ?? true,
  );
  process.stdout.write(`${json ? JSON.stringify({ figures: found }, null, 2) : listing(found)}\n`);
  return EXIT.ok;
}

function figuresIn(folder: string, committed: boolean): FigureFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".svg"))
    .sort()
    .map((name) => {
      const spec = join(folder, name.replace(/\.svg$/, ".vl.json"));
      return {
        path: shownPath(join(folder, name)),
        spec: existsSync(spec) ? shownPath(spec) : null,
        bytes: statSync(join(folder, name)).size,
        committed,
      };
    });
}

function listing(found: readonly FigureFile[]): string {
  if (found.length === 0) return "no figures yet: `scorebook run` makes them";
  return found.map(({ path, bytes }) => `${path}  ${Math.ceil(bytes / 1000)} kB`).join("\n");
}
