import { describe, expect, it } from "vitest";
import { bars } from "../../src/plots/bars.js";
import { histograms } from "../../src/plots/histograms.js";
import { pathDensity } from "../../src/plots/path-density.js";
import { renderSvg } from "../../src/plots/render.js";
import type { Spec } from "../../src/plots/spec.js";
import { drawnByVersion5 } from "./vega-lite-5.js";

const rows = (spec: Spec) => (spec.data as { values: Spec[] }).values;

const measured = ["PIS", "DIS"].flatMap((label) =>
  ["KL", "LV"].map((series) => ({ label, series, value: 0.5, low: 0.4, high: 0.7 })),
);
const marks = [
  { name: "talk", label: "PIS", series: "LV", value: 0.6 },
  { name: "floor", label: "DIS", value: 0.8 },
];

describe("bars", () => {
  it("stand in groups, with error bars, and marks that the legend names", async () => {
    const svg = await renderSvg(bars(measured, { y: "ESS", legend: "loss", marks }));
    for (const text of ["PIS", "DIS", "KL", "LV", "loss", "ESS", "talk", "floor"])
      expect(svg).toContain(`>${text}<`);
    const errors = svg.match(/<line [^>]*stroke="#1A1A1A"[^>]*stroke-width="1.5"/g);
    expect(errors).toHaveLength(4);
  });

  it("are dots on a logarithmic axis, which refuses zero", () => {
    expect(JSON.stringify(bars(measured, { y: "error", logY: true }))).not.toContain('"type":"bar"');
    expect(() => bars([{ ...measured[0], value: 0 }], { y: "error", logY: true })).toThrow("bars[0].value");
  });

  it("may do without error bars, on a logarithmic axis too", async () => {
    const bare = measured.map(({ label, series, value }) => ({ label, series, value }));
    for (const logY of [true, false]) {
      const svg = await renderSvg(bars(bare, { y: "error", logY }));
      expect(svg).toContain(">DIS<");
      expect(svg).not.toMatch(/<line [^>]*stroke-width="1.5"/);
    }
  });

  it("carry a mark at each bar that it is about, and nowhere else", () => {
    const placed = rows(bars(measured, { y: "ESS", marks })).filter(({ kind }) => kind === "mark");
    expect(placed.map(({ name, label, series }) => [name, label, series])).toEqual([
      ["talk", "PIS", "LV"],
      ["floor", "DIS", "KL"],
      ["floor", "DIS", "LV"],
    ]);
    const panelled = ["a", "b"].flatMap((panel) => measured.map((bar) => ({ ...bar, panel })));
    const inPanels = rows(bars(panelled, { y: "ESS", marks: [{ ...marks[1], panel: "b" }, marks[0]] }));
    expect(inPanels.filter(({ kind }) => kind === "mark").map(({ panel }) => panel)).toEqual([
      "b",
      "b",
      "a",
      "b",
    ]);
    expect(() => bars(measured, { y: "ESS", marks: [{ ...marks[0], label: "MCD" }] })).toThrow("marks[0]");
  });

  it("refuse none at all, a value outside its interval, and a mark that is no number", () => {
    expect(() => bars([], { y: "ESS" })).toThrow("at least one bar");
    expect(() => bars([{ ...measured[0], low: 0.6 }], { y: "ESS" })).toThrow("bars[0].low");
    expect(() => bars([{ ...measured[0], high: 0.4 }], { y: "ESS" })).toThrow("bars[0].high");
    expect(() => bars(measured, { y: "ESS", marks: [{ ...marks[0], value: NaN }] })).toThrow(
      "marks[0].value",
    );
  });
});

const samples = Float64Array.of(0.1, 0.2, 0.9, 5);
const curve = { name: "exact", reference: true, x: [0, 1], y: [1, 1] };

describe("histograms", () => {
  it("are densities in which all samples count, drawn on to the ends of the range", async () => {
    const spec = histograms([{ name: "ours", samples }], {
      x: "x",
      low: 0,
      high: 1,
      bins: 2,
      curves: [curve],
    });
    expect(rows(spec)[0]).toMatchObject({ x: [0, 0.25, 0.75, 1], y: [1, 1, 0.5, 0.5] });
    const svg = await renderSvg(spec);
    for (const text of ["ours", "exact", "density"]) expect(svg).toContain(`>${text}<`);
  });

  it("refuse no samples, a reversed range and a ragged curve", () => {
    const options = { x: "x", low: 0, high: 1 };
    expect(() => histograms([], options)).toThrow("at least one set of samples");
    expect(() => histograms([{ name: "a", samples }], { ...options, high: -1 })).toThrow("high");
    expect(() =>
      histograms([{ name: "a", samples }], { ...options, curves: [{ ...curve, y: [1] }] }),
    ).toThrow("options.curves[0].y");
  });
});

describe("pathDensity", () => {
  const times = [0, 0.5, 1];
  const paths = Float64Array.of(-0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, 0.5, 0.5);
  const options = { times, x: "t", y: "x", low: -1, high: 1, bins: 2 };

  it("scales each time's histogram to its maximum, upwards", async () => {
    const { decode } = await import("fast-png");
    const [, image] = pathDensity(paths, options).hconcat as Spec[];
    const url = String(rows(image).find(({ kind }) => kind === "raster")?.url);
    const { data } = decode(Buffer.from(url.split(",")[1], "base64"));
    const red = Array.from({ length: 6 }, (_, i) => data[3 * i]); // upper row first; white is 0, dark is 1
    expect(red[0]).toBe(255);
    expect(red[3]).toBe(red[2]);
    expect(red[5]).toBe(255);
    expect(red[4]).toBeGreaterThan(red[1]);
    expect(red[4]).toBeLessThan(255);
    expect(red[1]).toBe(red[2]);
  });

  it("draws some paths, and both marginals beside their exact densities", async () => {
    const spec = pathDensity(paths, { ...options, numShown: 2, first: { ...curve, name: "prior" } });
    const [, image] = spec.hconcat as Spec[];
    expect(rows(image).filter(({ kind }) => kind === "path")).toHaveLength(2);
    expect(await renderSvg(spec)).toContain("stroke-dasharray");
  });

  it("refuses ragged paths and times that are not evenly spaced", () => {
    expect(() => pathDensity(paths.slice(1), options)).toThrow("paths");
    expect(() => pathDensity(paths, { ...options, times: [0, 0.4, 1] })).toThrow("options.times[1]");
    expect(() => pathDensity(paths, { ...options, times: [1, 1, 1] })).toThrow("options.times");
    expect(() => pathDensity(paths, { ...options, times: [0] })).toThrow("at least two times");
  });
});

it("bars, histograms and path densities are drawn by JupyterLab's Vega-Lite too", async () => {
  const inPanels = measured.flatMap((bar) => ["weak", "strong"].map((panel) => ({ ...bar, panel })));
  const first = await drawnByVersion5(bars(inPanels, { y: "ESS", marks }));
  for (const text of ["weak", "strong", "talk", "LV"]) expect(first).toContain(`>${text}<`);
  const frames = { labels: ["t = 0", "t = 1"] };
  const moving = [0, 1].map((frame) => ({ name: "ours", samples, frame }));
  const second = await drawnByVersion5(
    histograms(moving, { x: "x", low: 0, high: 1, curves: [curve], frames }),
  );
  expect(second).toContain(">t = 1<");
  const third = await drawnByVersion5(
    pathDensity(Float64Array.of(0, 1, 1, 0), {
      times: [0, 1],
      x: "t",
      y: "x",
      low: -1,
      high: 2,
      last: curve,
    }),
  );
  expect(third.match(/<image /g)).toHaveLength(1);
});
