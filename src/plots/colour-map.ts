import { checkOneOf } from "../core/checks.js";

/** Names of the colour maps of {@link colourMap}. */
export const COLOUR_MAPS = ["viridis", "blueorange", "greys", "ink", "mist"] as const;
export type ColourMapName = (typeof COLOUR_MAPS)[number];

// Control points, evenly spaced; straight lines between them stay within 6/255 of Vega's maps.
const CONTROL_POINTS: Readonly<Record<ColourMapName, string>> = {
  viridis:
    "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725",
  blueorange: "134b85 2f78b3 5da2cb 9dcae1 d2e5ef f2f0eb fce0ba fbbf74 e8932f c5690d 994a07",
  greys: "000000 ffffff",
  ink: "ffffff 000000",
  mist: "ffffff e6eef4 c9dae6 a9c3d6 88abc4 6892b0",
};

/**
 * A colour map as 256 RGB triples, safe for colour-blind readers: `viridis` (a quantity), `blueorange` (about a middle
 * value), `greys` (an image, low is black), `ink` (an image, low is white), `mist` (a density behind coloured points: never dark).
 * @throws ArgumentError for an unknown name
 */
export function colourMap(name: ColourMapName): Uint8Array {
  const points = CONTROL_POINTS[checkOneOf("colours", name, COLOUR_MAPS)].split(" ").map(rgb);
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1);
    const left = Math.min(Math.floor(at), points.length - 2);
    for (let c = 0; c < 3; c++) {
      const [from, to] = [points[left][c], points[left + 1][c]];
      table[3 * i + c] = Math.round(from + (at - left) * (to - from));
    }
  }
  return table;
}

/** A colour map's control points as CSS colours, evenly spaced: the range of a colour bar. @throws ArgumentError */
export function cssColours(name: ColourMapName): string[] {
  return CONTROL_POINTS[checkOneOf("colours", name, COLOUR_MAPS)].split(" ").map((hex) => `#${hex}`);
}

function rgb(hex: string): number[] {
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
