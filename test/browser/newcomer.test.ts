import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMissing } from "./chromium.js";
import { Lab } from "./lab.js";
import type { NotebookPage, Output } from "./notebook-page.js";

const VEGA = "application/vnd.vegalite.v5+json";
const isFigure = ({ data }: Output) => data !== undefined && VEGA in data;

describe.skipIf(isMissing)("a newcomer who opens the first notebook", () => {
  let lab: Lab;
  let page: NotebookPage;
  beforeAll(async () => {
    lab = await Lab.start();
    page = await lab.open(lab.copy("01-spectral-scores"));
  });
  afterAll(() => lab?.stop());

  it("runs all of it, and every claim is checked", async () => {
    const { cells } = await page.runAll(170);
    const outputs = cells.flatMap((cell) => cell.outputs);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const checks = String(cells.at(-1)?.outputs.at(-1)?.data?.["text/html"]);
    const [, passed, all] = /(\d+) of (\d+) pass/.exec(checks) ?? [];
    expect([Number(passed), passed]).toEqual([Number(all), all]);
    await page.shot("01-checks-light");
  }, 240_000);

  it("sees every figure, and what a point is when the mouse is on it", async () => {
    const tooltips = await eachFigure(page, async (figure) => {
      expect(await colours(figure)).toBeGreaterThan(3);
      return hover(page, figure);
    });
    expect(tooltips.length).toBeGreaterThanOrEqual(4);
    expect(tooltips.filter((text) => text !== "").length).toBeGreaterThanOrEqual(tooltips.length / 2);
  });

  it("finds the same in the dark theme, from the saved file", async () => {
    await page.save();
    const dark = await lab.open("01-spectral-scores.ipynb", { dark: true });
    expect(await dark.page.evaluate("document.body.dataset.jpThemeLight")).toBe("false");
    await eachFigure(dark, async (figure) => {
      expect(await colours(figure)).toBeGreaterThan(3);
      return "";
    });
    await dark.cell((await dark.state()).cells.length - 1);
    await dark.shot("01-checks-dark");
    expect([...page.problems, ...dark.problems]).toEqual([]);
    await dark.close();
  });

  it("filters one panel by a brush over another", async () => {
    const brushed = await lab.open(lab.write("brush", [IMPORT, BRUSH]));
    const { cells } = await brushed.runAll();
    expect(cells[1].outputs.map(({ output_type, evalue }) => evalue ?? output_type)).toEqual([
      "display_data",
    ]);
    const figure = (await brushed.cell(1)).locator(".jp-OutputArea canvas");
    const before = await pixels(figure);
    const box = await figure.boundingBox();
    if (!box) throw new Error("the figure has no place");
    await brushed.page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.3);
    await brushed.page.mouse.down();
    await brushed.page.mouse.move(box.x + box.width * 0.35, box.y + box.height * 0.6, { steps: 5 });
    await brushed.page.mouse.up();
    await expect.poll(async () => (await pixels(figure)) === before, { timeout: 30_000 }).toBe(false);
    await brushed.shot("brush");
    expect(brushed.problems).toEqual([]);
    await brushed.close();
  });
});

const IMPORT = 'import { notebook } from "../dist/index.js";\nawait notebook.start("90-brush");';
const BRUSH = `await notebook.figure("brush", {
  data: { values: Array.from({ length: 100 }, (_, i) => ({ x: i % 10, y: Math.floor(i / 10), group: "abcde"[i % 5] })) },
  hconcat: [
    { params: [{ name: "brush", select: "interval" }], mark: "point",
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } } },
    { transform: [{ filter: { param: "brush" } }], mark: "bar",
      encoding: { x: { aggregate: "count" }, y: { field: "group", type: "nominal" } } },
  ],
});`;

/** Does something with each figure, in view. */
async function eachFigure<T>(page: NotebookPage, what: (figure: Locator) => Promise<T>): Promise<T[]> {
  const { cells } = await page.state();
  const found: T[] = [];
  for (const [i, { outputs }] of cells.entries()) {
    if (!outputs.some(isFigure)) continue;
    const figures = (await page.cell(i)).locator(".jp-OutputArea canvas");
    await figures.first().waitFor();
    expect(await figures.count()).toBe(outputs.filter(isFigure).length);
    await figures.first().scrollIntoViewIfNeeded();
    found.push(await what(figures.first()));
  }
  return found;
}

/** How many colours a figure has: a blank one has one or two. */
function colours(figure: Locator): Promise<number> {
  return figure.evaluate((element) => {
    const canvas = element as unknown as Canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

function pixels(figure: Locator): Promise<string> {
  return figure.evaluate((element) => (element as unknown as Canvas).toDataURL());
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: "2d"): {
    getImageData(...box: number[]): { readonly data: { readonly buffer: ArrayBuffer } };
  };
  toDataURL(): string;
}

/** The first tooltip that the mouse meets on its way across a figure. */
async function hover(page: NotebookPage, figure: Locator): Promise<string> {
  const box = await figure.boundingBox();
  const tooltip = page.page.locator("#vg-tooltip-element.visible");
  for (let i = 2; box && i <= 38; i++) {
    const at = { x: box.x + (box.width * i) / 40, y: box.y + box.height * (0.3 + 0.4 * ((i * 0.618) % 1)) };
    await page.page.mouse.move(at.x, at.y, { steps: 3 });
    if ((await tooltip.count()) > 0) return tooltip.innerText();
  }
  return "";
}
