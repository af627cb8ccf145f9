import { describe, expect, it } from "vitest";
import { categorical, colours, theme, themed } from "../../src/plots/theme.js";

const plot = { mark: "point", data: { values: [] }, encoding: {} };

function* entries(node: object): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(node)) {
    yield [key, value];
    if (typeof value === "object" && value !== null) yield* entries(value as object);
  }
}

/** Relative luminance of WCAG 2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const onWhite = (hex: string) => 1.05 / (luminance(hex) + 0.05);

describe("theme", () => {
  it("has labels of 12 pixels and titles of 13 at least", () => {
    const sizes = [...entries(theme)].filter(([key]) => /fontSize$/i.test(key)) as [string, number][];
    expect(sizes.length).toBeGreaterThan(6);
    for (const [key, size] of sizes) expect(size, key).toBeGreaterThanOrEqual(/title/i.test(key) ? 13 : 12);
  });

  it("writes text with a contrast of 7 on its white card", () => {
    const inks = [...entries(theme)].filter(([key]) => /(label|title)Color$/i.test(key)) as [
      string,
      string,
    ][];
    expect(inks.length).toBeGreaterThan(4);
    for (const [key, hex] of inks) expect(onWhite(hex), key).toBeGreaterThan(7);
  });

  it("offers seven series colours, the faintest last, and keeps ink for references", () => {
    expect(new Set(categorical).size).toBe(7);
    const contrast = categorical.map(onWhite);
    expect(Math.min(...contrast)).toBe(contrast[6]);
    expect(categorical).not.toContain(colours.ink);
  });

  it("is added under what the specification says itself", () => {
    const full = themed({ ...plot, config: { axis: { labelFontSize: 20 }, background: "pink" } });
    const config = full.config as { axis: Record<string, unknown>; background: string };
    expect(config.axis).toMatchObject({ labelFontSize: 20, titleFontSize: 13 });
    expect(config.background).toBe("pink");
    expect(full.$schema).toContain("vega-lite/v5");
    expect(themed(full)).toEqual(full);
  });

  it("leaves the caller's specification as it was", () => {
    const spec = { ...plot, config: { axis: {} } };
    themed(spec);
    expect(spec).toEqual({ ...plot, config: { axis: {} } });
  });
});
