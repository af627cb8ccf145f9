import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ArgumentError, unknownName } from "../core/errors.js";
import { root } from "../notebook/environment.js";

/** A notebook's file and its name, which is the file's without `.ipynb`. */
export interface Notebook {
  readonly name: string;
  readonly path: string;
}

const folder = join(root, "notebooks");

/** The workbook's notebooks, `NN-topic.ipynb` in reading order. */
export function allNotebooks(): Notebook[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+-.*\.ipynb$/.test(name))
    .sort()
    .map((name) => at(join(folder, name)));
}

/**
 * The notebooks that words name (a path, a name, a number), in the order given; all of them where no word is given.
 * @throws ArgumentError for a word that names none, with the nearest name
 */
export function findNotebooks(
  words: readonly string[],
  all: readonly Notebook[] = allNotebooks(),
): Notebook[] {
  if (words.length === 0) return [...all];
  const found = words.flatMap((word) => find(word, all));
  const once = new Map(found.map((notebook) => [notebook.name, notebook]));
  for (const { name, path } of found)
    if (once.get(name)?.path !== path)
      throw new ArgumentError("NOTEBOOK", path, `another name than ${once.get(name)?.path} has`);
  return [...once.values()];
}

function find(word: string, all: readonly Notebook[]): Notebook[] {
  if (/^\d+$/.test(word)) {
    const numbered = all.filter(({ name }) => Number.parseInt(name, 10) === Number(word));
    if (numbered.length > 0) return numbered;
  }
  const named = all.find(({ name }) => name === word || `${name}.ipynb` === basename(word));
  if (named && (word === named.name || !word.includes("/"))) return [named];
  const path = resolve(word);
  if (word.endsWith(".ipynb") && existsSync(path) && statSync(path).isFile()) return [at(path)];
  if (all.length === 0)
    throw new ArgumentError("NOTEBOOK", word, "the path of a notebook (notebooks/ has none)");
  const names = all.map(({ name }) => name);
  throw unknownName("NOTEBOOK", word, word.endsWith(".ipynb") ? names.map((name) => `${name}.ipynb`) : names);
}

function at(path: string): Notebook {
  return { name: basename(path, ".ipynb"), path };
}
