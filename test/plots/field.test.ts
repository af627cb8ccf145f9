import { decode } from "fast-png";
import { scheme } from "vega";
import { describe, expect, it } from "vitest";
import { colourMap } from "../../src/plots/colour-map.js";
import { pngField } from "../../src/plots/field.js";

function pixels(uri: string): { width: number; height: number; rgb: number[][] } {
  const prefix = "data:image/png;base64,";
  expect(uri.startsWith(prefix)).toBe(true);
  const { width, height, data } = decode(Buffer.from(uri.slice(prefix.length), "base64"));
  return {
    width,
    height,
    rgb: Array.from({ length: width * height }, (_, i) => [...data.slice(3 * i, 3 * i + 3)]),
  };
}

const colour = (map: Uint8Array, entry: number) => [...map.slice(3 * entry, 3 * entry + 3)];

describe("pngField", () => {
  it("paints each value with its colour, row by row from the top", () => {
    const map = colourMap("viridis");
    const { width, height, rgb } = pixels(pngField(Float64Array.of(0, 51, 102, 153, 204, 255), 3, 2));
    expect([width, height]).toEqual([3, 2]);
    expect(rgb).toEqual([0, 51, 102, 153, 204, 255].map((entry) => colour(map, entry)));
  });

  it("puts the first row at the bottom when rows run upwards", () => {
    const down = pixels(pngField(Float64Array.of(1, 2, 3, 4), 2, 2)).rgb;
    const up = pixels(pngField(Float64Array.of(1, 2, 3, 4), 2, 2, { upwards: true })).rgb;
    expect(up).toEqual([down[2], down[3], down[0], down[1]]);
  });

  it("takes the ends' colours beyond given limits, and the middle for a constant field", () => {
    const greys = { colours: "greys", low: 0, high: 10 } as const;
    expect(pixels(pngField(Float64Array.of(-5, 10, 99), 3, 1, greys)).rgb).toEqual([
      [0, 0, 0],
      [255, 255, 255],
      [255, 255, 255],
    ]);
    expect(pixels(pngField(Float64Array.of(3, 3), 2, 1)).rgb[0]).toEqual(colour(colourMap("viridis"), 128));
  });

  it("reads bytes and single precision as well", () => {
    const double = pngField(Float64Array.of(0, 128, 255), 3, 1);
    expect(pngField(Uint8Array.of(0, 128, 255), 3, 1)).toBe(double);
    expect(pngField(Float32Array.of(0, 128, 255), 3, 1)).toBe(double);
  });

  it("names what is wrong", () => {
    expect(() => pngField(Float64Array.of(1, 2, 3), 2, 2)).toThrow(
      "values: expected width·height = 4 numbers",
    );
    expect(() => pngField(Float64Array.of(1, NaN), 2, 1)).toThrow("values[1]");
    expect(() => pngField(Float64Array.of(1), 0, 1)).toThrow("width");
    expect(() => pngField(Float64Array.of(1, 2), 2, 1, { low: 3 })).toThrow(
      "low: expected a number of at most high = 2",
    );
    expect(() => pngField(Float64Array.of(1, 2), 2, 1, { colours: "viridi" as never })).toThrow(
      'did you mean "viridis"',
    );
  });
});

/** Vega's colours are "#rrggbb" or "rgb(r, g, b)". */
function triple(colour: string): number[] {
  if (colour.startsWith("#")) return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (colour.match(/\d+/g) ?? []).map(Number);
}

describe("colourMap", () => {
  it.each(["viridis", "blueorange"] as const)(
    "follows Vega's own %s, so that legends drawn by Vega fit",
    (name) => {
      const map = colourMap(name);
      const vega = scheme(name) as (t: number) => string;
      for (let i = 0; i < 256; i++) {
        const want = triple(vega(i / 255));
        for (let c = 0; c < 3; c++) expect(Math.abs(map[3 * i + c] - want[c]), `${i}`).toBeLessThanOrEqual(6);
      }
    },
  );
});
