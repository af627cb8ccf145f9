import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/cli/gallery/collect.js";
import { galleryPage } from "../../src/cli/gallery/page.js";
import { allNotebooks } from "../../src/cli/notebooks.js";
import { readResults } from "../../src/cli/results.js";
import { root } from "../../src/notebook/environment.js";
import { bars } from "../../src/plots/bars.js";
import { histograms } from "../../src/plots/histograms.js";
import { lines } from "../../src/plots/lines.js";
import { plane } from "../../src/plots/plane.js";
import { themed } from "../../src/plots/theme.js";
import { writeAtomic } from "../../src/store/index.js";
import { isMissing, launch } from "./chromium.js";

const moving = lines(
  [0, 1].map((frame) => ({ name: `curve ${frame}`, x: [0, 1], y: [frame, 2 - frame], frame })),
  { x: "time (s)", y: "height", frames: { labels: ["t = 0", "t = 1"], name: "time" } },
);

const axes = { x: "x", y: "y", extent: { x: [0, 2], y: [0, 2] } } as const;
const inPanels = ["left", "right"].flatMap((panel) =>
  ["ours", "theirs"].map((name) => ({ name, panel, x: [0.5, 1], y: [1, 1.5] })),
);
const density = { values: Float64Array.of(0, 1, 2, 3), width: 2, height: 2 };
const samples = Float64Array.of(0.1, 0.4, 0.5, 0.9);

/** Figures whose legend filters layers, in panels and over pictures. */
const layered = {
  plane: plane({ density: [{ ...density, panel: "left" }], points: inPanels, paths: inPanels }, axes),
  bars: bars(
    ["ours", "theirs"].map((series) => ({ series, label: "PIS", value: 1, low: 0.5 })),
    { y: "error", marks: [{ name: "talk", label: "PIS", value: 1.2 }] },
  ),
  histograms: histograms(
    ["ours", "theirs"].map((name) => ({ name, samples })),
    { x: "x", low: 0, high: 1, bins: 4, curves: [{ name: "exact", reference: true, x: [0, 1], y: [1, 1] }] },
  ),
  bands: lines(
    ["ours", "theirs"].map((name) => ({ name, x: [0, 1], y: [1, 2], low: [0, 1], high: [2, 3] })),
    { x: "t", y: "error", guides: [{ name: "floor", value: 0.5 }] },
  ),
};

describe.skipIf(isMissing)("the gallery, opened from disk", () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const problems: string[] = [];
  const groups = [
    ...collect(join(root, "figures"), allNotebooks(), readResults()?.notebooks ?? []),
    {
      notebook: "99-slider",
      title: "Slider </script> & all",
      checks: [],
      figures: [
        { id: "moving", section: "", caption: "A $& slider", code: "", checks: [], spec: themed(moving) },
        ...Object.entries(layered).map(([id, spec]) => {
          return { id, section: "", caption: id, code: "", checks: [], spec: themed(spec) };
        }),
      ],
    },
  ];
  const total = groups.reduce((sum, { figures }) => sum + figures.length, 0);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "scorebook-gallery-"));
    const path = join(folder, "index.html");
    await writeAtomic(path, galleryPage(groups, "a test"));
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('body[data-state="ready"]', { timeout: 150_000 });
  }, 170_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("draws every figure", async () => {
    expect(total).toBeGreaterThan(14);
    expect(await page.locator('.drawing[data-state="drawn"] svg.marks').count()).toBe(total);
    expect(await page.locator('.drawing:not([data-state="drawn"])').allTextContents()).toEqual([]);
    expect(problems).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
  });

  it("asks no other host, and could not", async () => {
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(requests.filter((url) => url.startsWith("file:"))).toHaveLength(1);
    const refused = "fetch('https://example.org/').then(() => 'answered', () => 'refused')";
    expect(await page.evaluate(refused)).toBe("refused");
    problems.length = 0; // the refusal is written to the console
  });

  it("names the notebook, the cell, the caption and the talk's numbers beside ours", async () => {
    const errors = page.locator('figure[id="02-ginzburg-landau-errors"]');
    expect(await errors.locator("figcaption").textContent()).toMatch(/second-moment|talk's numbers/);
    const [head, ...rows] = await errors.locator("table tr").allTextContents();
    expect(head).toMatch(/claim.*talk.*ours.*bound.*floor.*verdict/);
    expect(rows.join("\n")).toMatch(/weak coupling, Hermite.*pass/);
    await errors.locator("summary").click();
    expect(await errors.locator("pre").textContent()).toContain('notebook.figure(\n  "errors"');
    expect(await page.locator('h2[id="99-slider"]').textContent()).toBe("Slider </script> & all");
    expect(await page.locator('figure[id="99-slider-moving"] figcaption').textContent()).toBe("A $& slider");
  });

  it("searches", async () => {
    const shown = () => page.locator("figure:visible").count();
    await page.fill("#search", "Handwritten");
    expect(await shown()).toBeGreaterThan(0);
    expect(await shown()).toBeLessThan(total);
    expect(await page.locator("section:visible h2").allTextContents()).toEqual([
      expect.stringContaining("Handwritten digits") as string,
    ]);
    await page.fill("#search", "nothing has this");
    expect(await shown()).toBe(0);
    expect(await page.locator("#count").textContent()).toContain(`0 of ${total}`);
    await page.fill("#search", "");
    expect(await shown()).toBe(total);
  });

  it("gives the data, columns kept as lists included", async () => {
    const figure = page.locator('figure[id="99-slider-moving"]');
    const download = page.waitForEvent("download");
    await figure.getByRole("button", { name: "Data" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    expect((await download).suggestedFilename()).toBe("99-slider-moving.csv");
    const [head, ...rows] = text.split("\n");
    const columns = head.split(",");
    const column = (name: string) => rows.map((row) => row.split(",")[columns.indexOf(name)]);
    expect([column("frame"), column("x"), column("y")]).toEqual([
      ["0", "0", "1", "1"],
      ["0", "1", "0", "1"],
      ["0", "2", "1", "1"],
    ]);
  });

  it("moves a figure by its slider, and filters by its legend", async () => {
    const figure = page.locator('figure[id="99-slider-moving"]');
    const titles = () => figure.locator("svg text").allTextContents();
    expect(await titles()).toContain("t = 1");
    await figure.locator('input[type="range"]').fill("0");
    await expect.poll(titles).toContain("t = 0");
    const scores = page.locator('figure[id="01-spectral-scores-sample-size"]');
    const faint = () => scores.locator('svg path[stroke-opacity="0.12"], svg path[opacity="0.12"]').count();
    expect(await faint()).toBe(0);
    await scores.locator("svg .role-legend-label text").first().click();
    await expect.poll(faint).toBeGreaterThan(0);
  });

  it.each(Object.keys(layered))("fades what the legend of %s does not keep", async (id) => {
    const figure = page.locator(`figure[id="99-slider-${id}"]`);
    const opacities = async () => {
      const marks = await figure.locator("svg .role-mark :is(path, line)").all();
      const values = await Promise.all(marks.map((mark) => mark.getAttribute("opacity")));
      return values.filter((value) => value !== null).map(Number);
    };
    expect(Math.min(1, ...(await opacities()))).toBeGreaterThan(0.15);
    await figure.locator("svg .role-legend-label text", { hasText: "ours" }).click();
    await expect.poll(async () => Math.min(...(await opacities()))).toBeLessThan(0.13);
    expect(Math.max(...(await opacities()))).toBeGreaterThan(0.15);
  });

  it("shows a tooltip over a mark", async () => {
    const bars = page.locator('figure[id="02-ginzburg-landau-errors"]');
    await bars.locator("svg .mark-symbol.role-mark path").first().hover();
    await page.waitForSelector("#vg-tooltip-element.visible", { timeout: 10_000 });
    expect(await page.locator("#vg-tooltip-element").textContent()).toMatch(/label|value/);
  });

  it("reads well in light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const contrast = await page.evaluate(`(() => {
        const light = (text) => {
          const parts = text.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255);
          const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
        };
        const style = (query) => getComputedStyle(document.querySelector(query));
        const page = light(style("body").backgroundColor);
        return ["body", ".quiet", "nav a"].map((query) => {
          const ink = light(style(query).color);
          return Math.max(ink, page) / Math.min(ink, page);
        });
      })()`);
      for (const ratio of contrast as number[]) expect(ratio).toBeGreaterThan(4.5);
      await page.screenshot({ path: join(root, "out", "test", `gallery-${colorScheme}.png`) });
    }
    expect(problems).toEqual([]);
  });
});
