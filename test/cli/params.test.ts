import { describe, expect, it } from "vitest";
import { parameterNames } from "../../src/cli/params.js";

/** The text of a notebook with these code cells, the last tagged `parameters`. */
function notebook(...sources: (string | string[])[]): string {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    source,
    metadata: i === sources.length - 1 ? { tags: ["parameters"] } : {},
  }));
  return JSON.stringify({ cells });
}

describe("names of a notebook's parameters", () => {
  it("are the keys of the quick profile, and seed", () => {
    const cell = [
      "const { numSamples } = notebook.parameters({\n",
      "  // how many\n",
      '  quick: { numSamples: 1e3, "bases": ["hermite"], seed: 4 },\n',
      "  full: { numSamples: 1e4, bases: [], seed: 4, },\n",
      "});\n",
    ];
    expect(parameterNames(notebook("const quick = { other: 1 };", cell))).toEqual([
      "numSamples",
      "bases",
      "seed",
    ]);
  });

  it.each([
    ["a spread", "parameters({ quick: { ...small, n: 1 }, full: {} })"],
    ["a computed key", "parameters({ quick: { [name]: 1 }, full: {} })"],
    ["profiles made elsewhere", "parameters(profiles)"],
  ])("cannot be read from %s", (_, cell) => {
    expect(parameterNames(notebook(cell))).toBeUndefined();
  });

  it.each(["{", "[]", "{}"])("cannot be read from a file that holds %s", (text) => {
    expect(parameterNames(text)).toBeUndefined();
  });

  it("cannot be read where no cell has the tag", () => {
    expect(parameterNames(JSON.stringify({ cells: [{ cell_type: "code", source: "1" }] }))).toBeUndefined();
  });
});
