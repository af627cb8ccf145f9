import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { jupyterEnvironment, venvPython } from "../../src/cli/jupyter.js";
import { allNotebooks } from "../../src/cli/notebooks.js";

interface Cell {
  readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
}

const notebooks = allNotebooks();
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scorebook-html-"));
  const words = ["-m", "nbconvert", "--to", "html", "--output-dir", folder];
  execFileSync(venvPython(), [...words, ...notebooks.map(({ path }) => path)], {
    env: jupyterEnvironment(),
    stdio: "ignore",
  });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(notebooks)("nbconvert makes HTML of $name with every figure, table and formula", ({ name, path }) => {
  const html = readFileSync(join(folder, `${name}.html`), "utf8");
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as { cells: readonly Cell[] };
  const shown = (mime: string) =>
    cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data !== undefined && mime in data)
      .length;
  const count = (text: string) => html.split(text).length - 1;
  expect(count('src="data:image/svg+xml;base64,')).toBe(shown("image/svg+xml"));
  expect(count('data-mime-type="text/html"')).toBe(shown("text/html"));
  expect(count('data-mime-type="text/latex"')).toBe(shown("text/latex"));
  expect(count("application/vnd.vegalite")).toBe(0);
});
