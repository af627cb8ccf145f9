import { describe, expect, it } from "vitest";
import { beside } from "../../src/plots/beside.js";
import { lines } from "../../src/plots/lines.js";
import { renderSvg } from "../../src/plots/render.js";
import { themed } from "../../src/plots/theme.js";
import { drawnByVersion5 } from "./vega-lite-5.js";

const x = [0, 1, 2];
const axes = { x: "t", y: "error" };
const banded = { name: "ours", x, y: [1, 2, 4], low: [0.5, 1, 3], high: [2, 3, 5] };
const frames = { labels: ["t = 0", "t = 1"], name: "time" };
const moving = [0, 1].map((frame) => ({ name: "p", x, y: [frame, frame, frame + 1], frame }));

describe("lines with bands", () => {
  it("fill between low and high, and leave curves without a band alone", async () => {
    const plain = await renderSvg(lines([{ name: "exact", x, y: [1, 2, 4] }], axes));
    const svg = await renderSvg(lines([banded, { name: "exact", reference: true, x, y: [1, 2, 4] }], axes));
    expect(plain).not.toContain('fill-opacity="0.2"');
    expect(svg.match(/opacity="0\.2"/g)).toHaveLength(1);
  });

  it("refuse half a band, and a band that a logarithmic axis cannot show", () => {
    expect(() => lines([{ name: "a", x, y: x, low: x }], axes)).toThrow("series[0].high");
    expect(() => lines([{ ...banded, low: [0, 1, 3] }], { ...axes, logY: true })).toThrow(
      "series[0].low[0]: expected a positive number",
    );
    expect(() => lines([{ ...banded, high: [1] }], axes)).toThrow("series[0].high");
  });
});

describe("panels and legends", () => {
  const named = (count: number, name = "ours") =>
    Array.from({ length: count }, (_, i) => ({ name: `${name} ${i % 4}`, x, y: x, panel: `panel ${i}` }));
  const widthOf = async (count: number, columns?: number) => {
    const svg = await renderSvg(themed(lines(named(count), { ...axes, columns })));
    return Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
  };

  it("fit the page of JupyterLab on a screen of 1280 pixels, whatever their number", async () => {
    expect(await widthOf(2)).toBeLessThan(802);
    expect(await widthOf(3)).toBeLessThan(802);
    expect(await widthOf(6)).toBeLessThan(802);
    expect(await widthOf(5, 5)).toBeLessThan(802);
  });

  it("name as many series beside each other below a figure as it has room for", () => {
    const columnsOf = (name: string) =>
      /"orient":"bottom","columns":(\d)/.exec(JSON.stringify(lines(named(4, name), axes)))?.[1];
    expect([columnsOf("a"), columnsOf("twenty letters and more")]).toEqual(["4", "2"]);
  });
});

describe("guides", () => {
  it("name levels on both axes, in the panel they belong to", async () => {
    const svg = await renderSvg(
      lines(
        ["weak", "strong"].map((panel) => ({ ...banded, panel })),
        {
          ...axes,
          guides: [
            { name: "floor", value: 1 },
            { name: "talk", value: 2, panel: "weak" },
            { name: "t = 1", value: 1, axis: "x" },
          ],
        },
      ),
    );
    const count = (text: string) => svg.split(`>${text}<`).length - 1;
    expect([count("floor"), count("talk"), count("t = 1")]).toEqual([2, 1, 2]);
  });

  it("refuse a level that is no number", () => {
    expect(() => lines([banded], { ...axes, guides: [{ name: "floor", value: NaN }] })).toThrow(
      "guides[0].value",
    );
  });
});

describe("a slider over frames", () => {
  it("shows the initial frame and its label in the static picture, without asking a kernel", async () => {
    const at = (initial: number) =>
      lines(moving, { ...axes, yDomain: [0, 2], frames: { ...frames, initial } });
    const spec = at(0);
    const [first, second] = [await renderSvg(spec), await renderSvg(at(1))];
    expect(first).toContain(">t = 0<");
    expect(second).toContain(">t = 1<");
    expect(first.match(/ d="[^"]+"/g)).not.toEqual(second.match(/ d="[^"]+"/g));
    expect(spec.params).toMatchObject([{ bind: { input: "range", min: 0, max: 1, name: "time " } }]);
  });

  it("refuses a frame that no label names, and labels for less than two", () => {
    expect(() => lines([{ ...moving[1], frame: 2 }], { ...axes, frames })).toThrow("series[0].frame");
    expect(() => lines(moving, axes)).toThrow("options.frames that name the frames");
    expect(() => lines([banded], { ...axes, frames: { labels: ["t = 0"] } })).toThrow(
      "options.frames.labels: expected at least two frames",
    );
    expect(() => lines(moving, { ...axes, frames: { ...frames, initial: 5 } })).toThrow("initial");
  });

  it("is one for figures beside each other, which must agree on it", async () => {
    const one = lines(moving, { ...axes, frames });
    const both = beside([one, lines([...moving, banded], { ...axes, frames })]);
    expect(both.params).toHaveLength(1);
    expect((await renderSvg(both)).split(">t = 1<")).toHaveLength(3);
    const other = lines(moving, { ...axes, frames: { labels: ["a", "b"] } });
    expect(() => beside([one, other])).toThrow("sliders over the same frames");
  });
});

it("figures wrap after so many columns", async () => {
  const widthOf = async (columns: number) => {
    const svg = await renderSvg(
      beside(
        [1, 2, 3].map(() => lines([{ name: "p", x, y: x }], axes)),
        { columns },
      ),
    );
    return Number(/width="(\d+)/.exec(svg)?.[1]);
  };
  expect(await widthOf(1)).toBeLessThan(0.5 * (await widthOf(3)));
  expect(() => beside([lines(moving, { ...axes, frames })], { columns: 0 })).toThrow("columns");
});

it("lines are drawn by JupyterLab's Vega-Lite too", async () => {
  const all = [...moving, banded].flatMap((each) => ["a", "b"].map((panel) => ({ ...each, panel })));
  const spec = lines(all, { ...axes, frames, points: true, guides: [{ name: "floor", value: 1 }] });
  const svg = await drawnByVersion5(beside([spec, lines(moving, { ...axes, frames, logY: false })]));
  for (const text of ["ours", "floor", "t = 1", "error"]) expect(svg).toContain(`>${text}<`);
});
