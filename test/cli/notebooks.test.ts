import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNotebooks } from "../../src/cli/notebooks.js";

const all = ["01-spectral-scores", "02-ginzburg-landau", "10-funnel"].map((name) => ({
  name,
  path: `/workbook/notebooks/${name}.ipynb`,
}));
const names = (...words: string[]) => findNotebooks(words, all).map(({ name }) => name);

let folder = "";
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "scorebook-find-"))));
afterAll(() => rmSync(folder, { recursive: true }));

describe("NOTEBOOK", () => {
  it("is a number, with or without the zero, a name, or a file name", () => {
    expect(names("02")).toEqual(["02-ginzburg-landau"]);
    expect(names("2")).toEqual(["02-ginzburg-landau"]);
    expect(names("10", "01-spectral-scores", "02-ginzburg-landau.ipynb")).toEqual([
      "10-funnel",
      "01-spectral-scores",
      "02-ginzburg-landau",
    ]);
  });

  it("may be left out: all of them, in reading order", () => {
    expect(names()).toEqual(all.map(({ name }) => name));
  });

  it("counts once", () => {
    expect(names("1", "01")).toEqual(["01-spectral-scores"]);
  });

  it("is the path of any notebook file", () => {
    const path = join(folder, "mine.ipynb");
    writeFileSync(path, "{}");
    expect(findNotebooks([path], all)).toEqual([{ name: "mine", path }]);
  });

  it("cannot have the name of another: their results would be one", () => {
    const path = join(folder, "10-funnel.ipynb");
    writeFileSync(path, "{}");
    expect(() => findNotebooks(["10", path], all)).toThrow(/NOTEBOOK: expected another name than/);
  });

  it.each([
    ["02-ginzburg-landua", /did you mean "02-ginzburg-landau"/],
    ["10-funel.ipynb", /did you mean "10-funnel.ipynb"/],
    ["3", /NOTEBOOK: expected one of 01-spectral-scores, /],
    [tmpdir(), /NOTEBOOK/],
  ])("%s is refused", (word, message) => {
    expect(() => names(word)).toThrow(message);
  });

  it("says where there is none at all", () => {
    expect(() => findNotebooks(["1"], [])).toThrow(/notebooks\/ has none/);
  });
});
