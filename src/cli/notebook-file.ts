import { readFileSync } from "node:fs";

/** A cell as a notebook's file keeps it, its source as one text. */
export interface Cell {
  readonly kind: string;
  readonly source: string;
  readonly tags: readonly string[];
}

interface StoredCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly metadata?: { readonly tags?: readonly string[] };
}

/** The cells of a notebook's text; none where the text is no notebook: its execution says so. */
export function cellsOf(notebook: string): Cell[] {
  try {
    const { cells = [] } = JSON.parse(notebook) as { cells?: readonly StoredCell[] };
    return cells.map(({ cell_type, source, metadata }) => ({
      kind: cell_type,
      source: typeof source === "string" ? source : source.join(""),
      tags: metadata?.tags ?? [],
    }));
  } catch {
    return [];
  }
}

/** The cells of a file; none where it cannot be read. */
export function readCells(path: string): Cell[] {
  try {
    return cellsOf(readFileSync(path, "utf8"));
  } catch {
    return [];
  }
}
