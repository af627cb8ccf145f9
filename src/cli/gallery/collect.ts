import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckRecord } from "../../notebook/session.js";
import { readCells } from "../notebook-file.js";
import type { Notebook } from "../notebooks.js";
import { namedChecks, sourceOf, titleOf } from "./source.js";

/** A figure of the gallery. */
export interface GalleryFigure {
  readonly id: string;
  /** The heading that it stands under in its notebook. */
  readonly section: string;
  readonly caption: string;
  /** The cell that made it; empty where none names it. */
  readonly code: string;
  readonly spec: object;
  readonly checks: readonly CheckRecord[];
}

/** The figures of a notebook, in its order, and all that it checked. */
export interface GalleryGroup {
  readonly notebook: string;
  readonly title: string;
  readonly figures: readonly GalleryFigure[];
  readonly checks: readonly CheckRecord[];
}

/** What a notebook checked. */
export interface CheckedNotebook {
  readonly notebook: string;
  readonly checks: readonly CheckRecord[];
}

const SPEC = ".vl.json";

/** The figures whose specifications lie in a folder, by notebook; notebooks without a figure are left out. */
export function collect(
  folder: string,
  notebooks: readonly Notebook[],
  results: readonly CheckedNotebook[],
): GalleryGroup[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SPEC)) : [];
  return notebooks
    .map((notebook) => group(folder, files, notebook, results))
    .filter(({ figures }) => figures.length > 0);
}

function group(
  folder: string,
  files: readonly string[],
  { name, path }: Notebook,
  results: readonly CheckedNotebook[],
): GalleryGroup {
  const cells = readCells(path);
  const checks = results.find(({ notebook }) => notebook === name)?.checks ?? [];
  const ids = files
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => file.slice(name.length + 1, -SPEC.length));
  const order = cells.map(({ source }) => source).join("\n");
  const place = (id: string): number => {
    const at = order.indexOf(`"${id}"`);
    return at < 0 ? order.length : at;
  };
  const figures = ids
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map((id): GalleryFigure => {
      const spec = JSON.parse(readFileSync(join(folder, `${name}-${id}${SPEC}`), "utf8")) as {
        description?: string;
      };
      const source = sourceOf(cells, id);
      return {
        id,
        section: source?.section ?? "",
        caption: spec.description ?? "",
        code: source?.code ?? "",
        spec,
        checks: namedChecks(source?.checks ?? [], checks),
      };
    });
  return { notebook: name, title: titleOf(cells) ?? name, figures, checks };
}
