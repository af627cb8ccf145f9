import { describe, expect, it } from "vitest";
import { ellipse } from "../../src/plots/ellipse.js";
import { fields } from "../../src/plots/fields.js";
import { plane } from "../../src/plots/plane.js";
import { renderSvg } from "../../src/plots/render.js";
import type { Spec } from "../../src/plots/spec.js";
import { drawnByVersion5 } from "./vega-lite-5.js";

const extent = { x: [-2, 2], y: [-1, 3] } as const;
const axes = { x: "x₁", y: "x₂", extent };
const frames = { labels: ["t = 0", "t = 1"] };
const points = { name: "samples", x: [0, 1, -1], y: [0, 1, 2] };
const density = { values: Float64Array.from([1, 2, 3, 4, 5, 6]), width: 3, height: 2 };
const rows = (spec: Spec) => (spec.data as { values: Spec[] }).values;

describe("ellipse", () => {
  it("lies at r standard deviations, (x − m)ᵀ C⁻¹ (x − m) = r², and closes", () => {
    const [mean, c] = [
      [1, -2],
      [2, 0.6, 0.6, 0.5],
    ];
    const { x, y } = ellipse(mean, c, { radius: 1.5, points: 33 });
    const det = c[0] * c[3] - c[1] * c[2];
    for (let i = 0; i < 33; i++) {
      const [u, v] = [x[i] - mean[0], y[i] - mean[1]];
      expect((c[3] * u * u - 2 * c[1] * u * v + c[0] * v * v) / det).toBeCloseTo(2.25, 12);
    }
    expect([x[32], y[32]]).toEqual([expect.closeTo(x[0], 12), expect.closeTo(y[0], 12)]);
  });

  it("refuses a covariance that is not symmetric positive definite", () => {
    for (const bad of [
      [1, 2, 2, 1],
      [1, 0, 0.5, 1],
      [-1, 0, 0, 1],
      [1, 0, 0],
    ])
      expect(() => ellipse([0, 0], bad)).toThrow("covariance");
  });
});

describe("plane", () => {
  it("draws a density as one picture under points, paths and arrows", async () => {
    const spec = plane(
      {
        density: [density],
        points: [points],
        paths: [{ name: "two sigma", ...ellipse([0, 1], [0.3, 0, 0, 0.3]) }],
        arrows: [{ name: "score", x: [0, 1], y: [0, 1], u: [1, 0], v: [0, 2] }],
      },
      axes,
    );
    const svg = await renderSvg(spec);
    expect(svg.match(/<image /g)).toHaveLength(1);
    for (const text of ["samples", "two sigma", "score", "x₁"]) expect(svg).toContain(`>${text}<`);
    expect(svg.indexOf("<image")).toBeLessThan(svg.search(/<path [^>]*stroke="#/));
  });

  it("turns arrows clockwise from upwards and gives the longest its length on the screen", () => {
    const arrows = [{ name: "v", x: [0, 0, 0], y: [0, 0, 0], u: [1, 0, -1], v: [0, 2, -1] }];
    const [row] = rows(plane({ arrows }, { ...axes, arrowLength: 10 }));
    expect(row.angle).toEqual([90, 0, -135]);
    expect(row.area).toEqual([25, 100, 50]);
  });

  it("keeps paths in their order", async () => {
    const svg = await renderSvg(plane({ paths: [{ name: "loop", x: [1, -1, 0], y: [0, 1, 2] }] }, axes));
    expect(svg).toContain('d="M195,195L65,130L130,65"');
  });

  it("shows the frame of the slider and what belongs to all frames", async () => {
    const moving = [0, 1].map((frame) => ({ name: "moving", x: [frame], y: [0], frame }));
    const spec = plane({ points: [...moving, points] }, { ...axes, frames });
    const dots = (await renderSvg(spec)).match(/<path transform="translate\([^>]*A/g);
    expect(dots?.length).toBe(4 + 2); // two of them in the legend
  });

  it("refuses nothing to draw, ragged columns, too many points at a time, and an empty range", () => {
    const x = new Float64Array(1501);
    const many = (frame?: number) => ({ name: "a", x, y: x, frame });
    expect(() => plane({}, axes)).toThrow("content");
    expect(() => plane({ points: [{ ...points, y: [1] }] }, axes)).toThrow("content.points[0].y");
    expect(() => plane({ points: [many(), many()] }, axes)).toThrow("at most 3000");
    expect(plane({ points: [many(0), many(1)] }, { ...axes, frames })).toBeDefined();
    expect(() => plane({ points: [points] }, { ...axes, extent: { x: [1, 1], y: [0, 1] } })).toThrow(
      "options.extent.x",
    );
  });
});

describe("fields", () => {
  const field = { ...density, panel: "ours" };
  const options = { ...axes, value: "density" };

  it("are one image each, on one colour scale with a bar", async () => {
    const spec = fields(
      [field, { ...field, panel: "exact", values: density.values.map((v) => -v) }],
      options,
    );
    const svg = await renderSvg(spec);
    expect(svg.match(/<image /g)).toHaveLength(2);
    for (const text of ["ours", "exact", "density", "−4"]) expect(svg).toContain(`>${text}<`);
    const domain = JSON.stringify(spec).match(/"domain":\[-6,6\]/);
    expect(domain).not.toBeNull();
  });

  it("put the first row at the lower end of the y axis", async () => {
    const { decode } = await import("fast-png");
    const [row] = rows(
      fields([{ values: Float64Array.of(0, 1), width: 1, height: 2 }], { ...options, colours: "greys" }),
    );
    const { data } = decode(Buffer.from(String(row.url).split(",")[1], "base64"));
    expect([data[0], data[3]]).toEqual([255, 0]);
  });

  it("make the range of signed colours symmetric", () => {
    const text = JSON.stringify(fields([field], { ...options, colours: "blueorange" }));
    expect(text).toContain('"domain":[-6,6]');
  });

  it("refuse a wrong length, values that are not finite, and an empty colour range", () => {
    expect(() => fields([{ ...field, width: 4 }], options)).toThrow("fields[0].values");
    expect(() => fields([{ ...field, values: Float64Array.of(1, NaN, 1, 1, 1, 1) }], options)).toThrow(
      "fields[0].values[1]",
    );
    expect(() => fields([field], { ...options, low: 2, high: 2 })).toThrow("options.low");
    expect(() => fields([], options)).toThrow("at least one field");
  });

  it("of one value are drawn", async () => {
    expect(await renderSvg(fields([{ ...density, values: new Float64Array(6) }], options))).toContain(
      "<image",
    );
  });
});

it("plane and fields are drawn by JupyterLab's Vega-Lite too", async () => {
  const panels = ["ours", "exact"];
  const inAll = <T extends object>(thing: T) =>
    panels.flatMap((panel) => [0, 1].map((frame) => ({ ...thing, panel, frame })));
  const arrows = inAll({ name: "score", x: [0], y: [0], u: [1], v: [1] });
  const all = { density: inAll(density), points: inAll(points), paths: inAll(points), arrows };
  const first = await drawnByVersion5(plane(all, { ...axes, frames }));
  const second = await drawnByVersion5(fields(inAll(density), { ...axes, frames, value: "density" }));
  for (const svg of [first, second]) {
    expect(svg.match(/<image /g)).toHaveLength(2);
    for (const text of ["ours", "exact", "t = 1"]) expect(svg).toContain(`>${text}<`);
  }
});
