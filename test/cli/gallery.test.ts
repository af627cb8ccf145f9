import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/cli/gallery/collect.js";
import { galleryPage } from "../../src/cli/gallery/page.js";
import { namedChecks, sourceOf, titleOf } from "../../src/cli/gallery/source.js";
import type { Cell } from "../../src/cli/notebook-file.js";

const cell = (kind: string, source: string): Cell => ({ kind, source, tags: [] });
const check = (id: string) => ({
  id,
  statement: id,
  value: 1,
  low: null,
  high: 2,
  talk: 1.5,
  floor: null,
  source: "exact",
  pass: true,
});

const cells = [
  cell("markdown", "# 07 · Title\n\ntext"),
  cell("markdown", "## Errors"),
  cell("code", 'const a = 1;\nawait notebook.figure(\n  "errors", plots.lines([]));'),
  cell("code", "notebook.check(`gl-${name}/${{ a: 1 }.a}/second-moment`, { value: 1 });"),
  cell("markdown", "## Other"),
  cell("code", "await notebook.figure(`field-${size}`, spec); notebook.check('one/two/three', {});"),
];

describe("the source of a figure", () => {
  it("is the cell that shows it, its heading and what is checked under that heading", () => {
    expect(sourceOf(cells, "errors")).toEqual({
      section: "Errors",
      code: cells[2].source,
      checks: ["gl-*/*/second-moment"],
    });
    expect(sourceOf(cells, "field-64")).toMatchObject({ section: "Other", checks: ["one/two/three"] });
    expect(sourceOf(cells, "error")).toBeUndefined();
    expect(titleOf(cells)).toBe("07 · Title");
  });

  it("matches whole ids, with any text for what a cell computes", () => {
    const ids = ["gl-weak/hermite/second-moment", "gl-weak/hermite/second-moment-50", "one/two/three"];
    const named = namedChecks(["gl-*/*/second-moment"], ids.map(check));
    expect(named.map(({ id }) => id)).toEqual(ids.slice(0, 1));
    // `three${isFull ? "" : "-committed"}`: what is computed may be empty
    expect(namedChecks(["one/two/three*"], ids.map(check))).toHaveLength(1);
  });
});

describe("the gallery", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "scorebook-gallery-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: object): string {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  }

  it("groups figures by notebook, in the notebook's order, and knows figures that no cell names", () => {
    const stored = cells.map(({ kind, source }) => ({
      cell_type: kind,
      source: source.split(/(?<=\n)/),
      metadata: {},
    }));
    const path = write("07-x.ipynb", { cells: stored });
    for (const id of ["aside", "field-64", "errors"])
      write(`07-x-${id}.vl.json`, { mark: "point", description: `caption of ${id}` });
    const notebooks = [
      { name: "07-x", path },
      { name: "08-none", path: join(folder, "08-none.ipynb") },
    ];
    const results = [{ notebook: "07-x", checks: [check("one/two/three"), check("gl-a/b/second-moment")] }];
    const groups = collect(folder, notebooks, results);
    expect(groups.map(({ title }) => title)).toEqual(["07 · Title"]);
    const [{ figures }] = groups;
    expect(figures.map(({ id }) => id)).toEqual(["errors", "aside", "field-64"]);
    expect(figures[0]).toMatchObject({
      caption: "caption of errors",
      checks: [{ id: "gl-a/b/second-moment" }],
    });
    expect(figures[1]).toMatchObject({ code: "", checks: [] });
  });

  it("is one page that closes no script early and names no host", () => {
    const spec = { mark: "point", description: "</script><b>$& $1" };
    const figure = { id: "a", section: "", caption: "", code: "", spec, checks: [] };
    const page = galleryPage([{ notebook: "07-x", title: "X", figures: [figure], checks: [] }], "a test");
    expect(page.includes("\\u003c/script>\\u003cb>$& $1")).toBe(true);
    expect(page.match(/<script[ >]/g)).toHaveLength(page.split("</script>").length - 1);
    const template = readFileSync(join("scripts", "gallery", "page.html"), "utf8");
    expect(/<(script|link|img)[^>]*(src|href)="(?!data:)/.test(template)).toBe(false);
    expect(page.includes("default-src 'none'")).toBe(true);
    expect(page.length).toBeLessThan(1_000_000);
  });
});
