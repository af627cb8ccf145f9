import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { figure, start } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();
const spec = (y = 2) => ({
  data: { values: [{ x: 1, y }] },
  mark: "point",
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
});

beforeEach(() => start("07-test"));

describe("figure", () => {
  it("shows one bundle: the interactive form, the static one and words; then its caption", async () => {
    await figure("one", { ...spec(), description: "y against x" }, { caption: "A point & its place" });
    const [{ bundle }, { bundle: caption }] = run.kernel.shown.slice(-2);
    expect(Object.keys(bundle)).toEqual(["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
    expect(bundle["application/vnd.vegalite.v5+json"]).toMatchObject({
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      description: "A point & its place",
      config: { background: "white" },
    });
    expect(bundle["image/svg+xml"]).toContain('aria-label="A point &#38; its place"');
    expect(caption).toEqual({ "text/markdown": "*A point & its place*" });
  });

  it("writes the picture and the specification that draws it, and says where in the run's document", async () => {
    await figure("one", spec());
    const { bundle } = run.kernel.shown.at(-1) as { bundle: Record<string, unknown> };
    const stem = join(run.out, "figures", "07-test-one");
    expect(readFileSync(`${stem}.svg`, "utf8")).toBe(bundle["image/svg+xml"]);
    expect(JSON.parse(readFileSync(`${stem}.vl.json`, "utf8"))).toEqual(
      bundle["application/vnd.vegalite.v5+json"],
    );
    expect(run.document("07-test").figures).toEqual(["figures/07-test-one.svg"]);
  });

  it("writes into the committed folder while reproducing", async () => {
    process.env.SCOREBOOK_REPRODUCE = "1";
    process.env.SCOREBOOK_FIGURES = join(run.out, "committed");
    await figure("one", spec());
    expect(existsSync(join(run.out, "committed", "07-test-one.vl.json"))).toBe(true);
    expect(run.document("07-test").figures).toEqual(["committed/07-test-one.svg"]);
  });

  it("takes an id once, for one specification; a cell that runs again may draw another", async () => {
    await figure("one", spec());
    await figure("one", spec());
    await expect(figure("one", spec(3))).rejects.toThrow("an id that this notebook has not used");
    run.kernel.cell = 2;
    await figure("one", spec(3));
    process.env.SCOREBOOK_NOTEBOOK = "07-test";
    run.kernel.cell = 3;
    await expect(figure("one", spec(4))).rejects.toThrow("an id that this notebook has not used");
    expect(run.document("07-test").figures).toHaveLength(1);
  });

  it("refuses what is too large, and leaves nothing behind", async () => {
    const values = Array.from({ length: 30_000 }, (_, i) => ({ x: i / 7, y: i / 11 }));
    await expect(figure("big", { ...spec(), data: { values } })).rejects.toThrow(
      /spec: expected at most 500 kB.*3,000/,
    );
    expect(existsSync(join(run.out, "figures", "07-test-big.svg"))).toBe(false);
    expect(run.document("07-test").figures).toEqual([]);
  });

  it("names an id or a specification that is wrong, and a folder that cannot be written", async () => {
    await expect(figure("a b", spec())).rejects.toThrow("id: expected letters");
    await expect(figure("a", { data: [] })).rejects.toThrow("spec: expected a Vega-Lite specification");
    mkdirSync(join(run.out, "blocked"));
    writeFileSync(join(run.out, "blocked", "figures"), "a file");
    process.env.SCOREBOOK_OUT = join(run.out, "blocked");
    await expect(figure("a", spec())).rejects.toThrow(/figures/);
  });
});
