import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ArgumentError } from "../../core/errors.js";
import { root } from "../../notebook/environment.js";
import { writeAtomic } from "../../store/index.js";
import { EXIT } from "../command.js";
import type { Command } from "../command.js";
import { shownPath } from "../document.js";
import { allNotebooks } from "../notebooks.js";
import { writableFolder } from "../output-folder.js";
import { notebookTemplate } from "../template.js";

export const newNotebook: Command = {
  name: "new",
  summary: "Makes a notebook from the template: claim, parameters, a section with a figure, table, checks.",
  operands: "NAME",
  flags: [{ name: "title", value: "TEXT", text: "title of the notebook (from NAME)" }],
  notes: [
    "NAME is lower-case words joined by '-': notebooks/NN-NAME.ipynb is made, with the next number unless NAME has one.",
    "Or it is a path that ends in .ipynb, for a notebook of one's own elsewhere. No file is written over.",
  ],
  run: async ({ operands, text }) => {
    if (operands.length !== 1) throw new ArgumentError("NAME", operands, "one name, such as heat-equation");
    const path = pathOf(operands[0]);
    if (existsSync(path))
      throw new ArgumentError("NAME", operands[0], `a name that is free: ${shownPath(path)} exists`);
    const name = basename(path, ".ipynb");
    const library = relative(writableFolder("NAME", dirname(path)), join(root, "dist", "index.js"));
    const options = { name, title: text.title ?? titleOf(name), library: library.replaceAll("\\", "/") };
    await writeAtomic(path, notebookTemplate(options));
    process.stdout.write(`${shownPath(path)}\n\nnext: npm start -- ${shownPath(path)}\n${inTables(path)}`);
    return EXIT.ok;
  },
};

const WORDS = /^(\d\d-)?[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function pathOf(name: string): string {
  if (name.endsWith(".ipynb")) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(basename(name)))
      throw new ArgumentError("NAME", name, "a file name of letters, digits, '-', '_' and '.'");
    return resolve(name);
  }
  if (!WORDS.test(name))
    throw new ArgumentError("NAME", name, "lower-case words joined by '-', or a path that ends in .ipynb");
  const taken = allNotebooks().map((notebook) => Number.parseInt(notebook.name, 10));
  const next = String(Math.max(0, ...taken) + 1).padStart(2, "0");
  return join(root, "notebooks", `${/^\d/.test(name) ? name : `${next}-${name}`}.ipynb`);
}

function titleOf(name: string): string {
  const [, number, words] = /^(\d+)?-?(.*)$/.exec(name) ?? ["", "", name];
  const text = words.replaceAll(/[-_]+/g, " ").trim();
  const capital = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return number === undefined ? capital : `${number} · ${capital}`;
}

/** A notebook of the workbook is listed in two tables, which a test compares. */
function inTables(path: string): string {
  const own = dirname(path) === join(root, "notebooks");
  return own ? "then: a line in the tables of README.md and notebooks/README.md\n" : "";
}
