import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../src/core/errors.js";
import { beside } from "../../src/plots/beside.js";
import { images } from "../../src/plots/images.js";
import { intervals } from "../../src/plots/intervals.js";
import { lines } from "../../src/plots/lines.js";
import { matrices } from "../../src/plots/matrix.js";
import { renderSvg } from "../../src/plots/render.js";
import { colours } from "../../src/plots/theme.js";

const curve = { name: "n = 5", x: [0, 1, 2], y: [0, 1, 4] };
const axes = { x: "x", y: "score" };

describe("lines", () => {
  it("draws a curve for each series and puts its name in the legend", async () => {
    const svg = await renderSvg(
      lines([curve, { ...curve, name: "exact", reference: true }], { ...axes, legend: "order" }),
    );
    for (const text of ["n = 5", "exact", "order", "score"]) expect(svg).toContain(`>${text}<`);
  });

  it("draws the exact answer in dashed ink, the others in the palette", async () => {
    const svg = await renderSvg(lines([{ ...curve, reference: true }], axes));
    expect(svg).toMatch(
      new RegExp(
        `stroke="${colours.ink}"[^>]*stroke-dasharray="6,4"|stroke-dasharray="6,4"[^>]*stroke="${colours.ink}"`,
      ),
    );
    expect(svg).not.toContain(colours.blue);
  });

  it("gives each named panel a view of its own, in the order given", async () => {
    const svg = await renderSvg(
      lines(
        ["weak", "strong"].map((panel) => ({ ...curve, panel })),
        axes,
      ),
    );
    expect(svg.indexOf(">weak<")).toBeGreaterThan(0);
    expect(svg.indexOf(">strong<")).toBeGreaterThan(svg.indexOf(">weak<"));
  });

  it("refuses ragged columns, NaN, and zero on a logarithmic axis, by name", () => {
    expect(() => lines([{ ...curve, y: [1, 2] }], axes)).toThrow("series[0].y");
    expect(() => lines([{ ...curve, y: [1, NaN, 2] }], axes)).toThrow(
      "series[0].y[1]: expected a finite number, got NaN",
    );
    expect(() => lines([curve], { ...axes, logX: true })).toThrow(
      "series[0].x[0]: expected a positive number",
    );
    expect(() => lines([], axes)).toThrow(ArgumentError);
  });
});

describe("intervals", () => {
  const value = { label: "Hermite", series: "Hermite", mean: 0.03, low: 0.028, high: 0.035 };

  it("draws dots, bars and the levels they are held against", async () => {
    const svg = await renderSvg(
      intervals([value], { x: "error", levels: [{ name: "floor", value: 0.029 }] }),
    );
    for (const text of ["Hermite", "floor", "error"]) expect(svg).toContain(`>${text}<`);
  });

  it("refuses a mean outside its interval", () => {
    expect(() => intervals([{ ...value, low: 0.04 }], { x: "error" })).toThrow("values[0].low");
  });
});

describe("images", () => {
  it("lays pictures out with a gap of one pixel", () => {
    const spec = images([{ name: "ones", pixels: new Float64Array(3 * 4).fill(1) }], {
      width: 2,
      height: 2,
      columns: 2,
      low: 0,
      high: 1,
      zoom: 1,
    });
    const [group] = spec.vconcat as { width: number; height: number }[];
    expect([group.width, group.height]).toEqual([5, 5]);
  });

  it("refuses pixels that are not whole pictures", () => {
    expect(() => images([{ name: "ragged", pixels: new Float64Array(5) }], { width: 2, height: 2 })).toThrow(
      "groups[0].pixels",
    );
  });
});

describe("matrices", () => {
  it("numbers rows and columns from one", () => {
    const spec = matrices([{ name: "exact", values: Float64Array.of(1, 2, 3, 4) }], {
      index: "site",
      value: "moment",
    });
    expect((spec.data as { values: unknown[] }).values[2]).toEqual({
      panel: "exact",
      row: 2,
      column: 1,
      value: 3,
    });
  });

  it("refuses what is not square", () => {
    expect(() =>
      matrices([{ name: "a", values: new Float64Array(3) }], { index: "site", value: "moment" }),
    ).toThrow("panels[0] rows");
  });
});

describe("beside", () => {
  it("keeps each figure's colours and legend filter apart", async () => {
    const left = lines([{ ...curve, name: "n = 3" }], { ...axes, legend: "order" });
    const right = lines([{ ...curve, name: "t = 1" }], { ...axes, legend: "time", legendAt: "bottom" });
    const spec = beside([left, right], { title: "Both" });
    expect(JSON.stringify(spec)).toMatch(/"shown0".*"shown1"/);
    const svg = await renderSvg(spec);
    for (const text of ["n = 3", "t = 1", "order", "time", "Both"]) expect(svg).toContain(`>${text}<`);
    expect(() => beside([])).toThrow("specs");
  });
});

describe("figures of one page", () => {
  it("share no id, and the same figure is the same text", async () => {
    const spec = lines([curve], axes);
    const other = lines([{ ...curve, y: [1, 2, 3] }], axes);
    const [first, again, second] = [await renderSvg(spec), await renderSvg(spec), await renderSvg(other)];
    const ids = (svg: string) => [...svg.matchAll(/id="([^"]+)"/g)].map((match) => match[1]);
    expect(again).toBe(first);
    expect(ids(first).length).toBeGreaterThan(0);
    expect(ids(first).filter((id) => ids(second).includes(id))).toEqual([]);
  });
});
