import { describe, expect, it } from "vitest";
import { renderSvg } from "../../src/plots/render.js";

const values = Array.from({ length: 40 }, (_, i) => ({
  x: i / 7,
  y: Math.sin(i),
  kind: i % 2 ? "ours" : "exact",
}));
const spec = {
  description: 'Sine, "ours" & exact',
  width: 200,
  height: 120,
  data: { values },
  mark: { type: "line", clip: true },
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
    color: { field: "kind", type: "nominal" },
  },
} as const;

describe("renderSvg", () => {
  it("gives the same text again, also after and beside other figures", async () => {
    const first = await renderSvg(spec);
    const [second, other, third] = await Promise.all([
      renderSvg(spec),
      renderSvg({ ...spec, width: 210 }),
      renderSvg(spec),
    ]);
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(other).not.toBe(first);
  });

  it("draws a figure with a brush, which shows all until somebody brushes", async () => {
    const params = [{ name: "brush", select: "interval" }];
    const brushed = { ...spec, params, transform: [{ filter: { param: "brush" } }] };
    const lines = async (one: Parameters<typeof renderSvg>[0]) =>
      [...(await renderSvg(one)).matchAll(/ d="(M[^"]{100,})"/g)].map(([, d]) => d);
    expect(await lines(brushed)).toEqual(await lines(spec));
    expect(await lines(spec)).toHaveLength(2);
  });

  it("gives figures on one page ids that do not meet", async () => {
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const [one, two] = [await renderSvg(spec), await renderSvg({ ...spec, width: 210 })];
    expect(ids(one).length).toBeGreaterThan(0);
    expect(ids(one).filter((id) => ids(two).includes(id))).toEqual([]);
    for (const [, used] of one.matchAll(/url\(#([^)]+)\)/g)) expect(ids(one)).toContain(used);
  });

  it("describes the image once, escaped, and labels no single mark", async () => {
    const svg = await renderSvg({ ...spec, mark: "point" });
    expect(svg).toContain('role="img" aria-label="Sine, &#34;ours&#34; &#38; exact"');
    expect(svg.match(/ (role|aria-[a-z]+)="/g)).toHaveLength(2);
  });

  it("rounds coordinates to a hundredth of a pixel", async () => {
    const svg = await renderSvg(spec);
    const paths = [...svg.matchAll(/ (?:d|transform)="([^"]*)"/g)].map(([, value]) => value).join(" ");
    expect(paths).toMatch(/\.\d\d\b/);
    expect(paths).not.toMatch(/\.\d{3}/);
  });

  it("draws a mark that comes often once, and uses it in its places and order", async () => {
    const svg = await renderSvg({ ...spec, mark: { type: "circle", opacity: 0.6 } });
    const shapes = [...svg.matchAll(/<path id="([^"]+)" (d="[^>]*)\/>/g)];
    expect(shapes).toHaveLength(2); // a colour each
    const used = [...svg.matchAll(/<use href="#([^"]+)" x="([^"]+)" y="([^"]+)"\/>/g)];
    expect(used).toHaveLength(40);
    const ids = shapes.map(([, id]) => id);
    // drawn in the order of the data, so that the picture is the same
    expect(used.map(([, id]) => ids.indexOf(id))).toEqual(values.map((_, i) => i % 2));
    const xs = used.map(([, , x]) => Number(x));
    const scale = xs[39] - xs[0];
    xs.forEach((x, i) => expect(x - xs[0]).toBeCloseTo((i / 39) * scale, 1));
    for (const [, , look] of shapes) expect(look).toMatch(/fill="#[0-9A-F]{6}".*opacity="0.6"/);
    expect(svg).toMatch(/^<svg [^>]*><defs><path id=/);
  });

  it("leaves marks that come seldom as they are", async () => {
    const svg = await renderSvg({ ...spec, data: { values: values.slice(0, 6) }, mark: "circle" });
    expect(svg).not.toContain("<use");
    expect(svg.match(/<path transform/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it("draws 3,000 points within the size limit of a figure, in under 200 kB", async () => {
    const points = Array.from({ length: 3000 }, (_, i) => ({
      x: Math.sin(i * 12.9898),
      y: Math.sin(i * 78.233),
    }));
    const encoding = { x: spec.encoding.x, y: spec.encoding.y };
    const svg = await renderSvg({ data: { values: points }, mark: "point", encoding });
    expect(svg.length).toBeLessThan(200_000);
  });

  it("fails on what Vega-Lite warns about, unless the caller takes the warnings", async () => {
    const odd = {
      ...spec,
      mark: { type: "point", nonsense: true },
      encoding: { ...spec.encoding, wrong: { value: 1 } },
    };
    await expect(renderSvg(odd)).rejects.toThrow(/Vega-Lite.*wrong/s);
    const warnings: string[] = [];
    await renderSvg(odd, { onWarning: (message) => warnings.push(message) });
    expect(warnings.join()).toContain("wrong");
  });

  it("refuses what is no specification", async () => {
    await expect(renderSvg({ data: [] })).rejects.toThrow(
      "spec: expected a Vega-Lite specification with one of mark",
    );
    await expect(
      renderSvg({ ...spec, $schema: "https://vega.github.io/schema/vega-lite/v6.json" }),
    ).rejects.toThrow("spec.$schema");
    await expect(renderSvg(null as never)).rejects.toThrow("spec: expected");
  });
});
