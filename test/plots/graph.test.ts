import { describe, expect, it } from "vitest";
import { graph } from "../../src/plots/graph.js";
import { layered } from "../../src/plots/layered.js";
import { renderSvg } from "../../src/plots/render.js";
import { themed } from "../../src/plots/theme.js";

const node = (name: string, ...from: string[]) => ({ name, label: name.toUpperCase(), kind: "k", from });

describe("a layered graph", () => {
  const names = ["a", "b", "c", "d", "e"];
  const edges = [["a", "b"], ["b", "c"], ["c", "d"], ["a", "d"], ["a", "e"]] as const; // prettier-ignore
  const { nodes, routes } = layered(names, edges);

  it("puts every node below all that it depends on, by the longest path", () => {
    expect(nodes.map(({ row }) => row)).toEqual([0, 1, 2, 3, 1]);
  });

  it("leads each edge through every row between its ends", () => {
    for (const [i, [from, to]] of edges.entries()) {
      const route = routes[i];
      expect([route[0].name, route.at(-1)?.name]).toEqual([from, to]);
      route.slice(1).forEach(({ row }, k) => expect(row).toBe(route[k].row + 1));
    }
    expect(routes[3]).toHaveLength(4);
  });

  it("keeps what stands in one row apart", () => {
    const places = [...new Map([...nodes, ...routes.flat()].map((place) => [place.name, place])).values()];
    for (const a of places) {
      for (const b of places) {
        if (a.name !== b.name && a.row === b.row)
          expect(Math.abs(a.column - b.column)).toBeGreaterThanOrEqual(1 - 1e-12);
      }
    }
  });

  it("leaves a long label the room that it takes", () => {
    const { nodes } = layered(["a", "b", "c"], [["a", "b"], ["a", "c"]], new Map([["b", 2.5], ["c", 2.5]])); // prettier-ignore
    expect(Math.abs(nodes[1].column - nodes[2].column)).toBeCloseTo(2.5, 12);
  });

  it("crosses no edges where none need cross", () => {
    // Two chains, written down in orders that cross.
    const { nodes } = layered(["a", "b", "b2", "a2"], [["a", "a2"], ["b", "b2"]]); // prettier-ignore
    const [a, b, b2, a2] = nodes.map(({ column }) => column);
    expect(Math.sign(a - b)).toBe(Math.sign(a2 - b2));
  });
});

describe("the picture of a graph", () => {
  it("is drawn, with its labels", async () => {
    const svg = await renderSvg(themed(graph([node("a"), node("b", "a"), node("c", "a", "b")])));
    for (const label of ["A", "B", "C"]) expect(svg).toContain(`>${label}</text>`);
  });

  it("is refused for no nodes, a name used twice, and what depends on a later node", () => {
    expect(() => graph([])).toThrow("nodes: expected at least one node");
    expect(() => graph([node("a"), node("a")])).toThrow("nodes[1].name: expected every name once");
    expect(() => graph([node("a", "b"), node("b")])).toThrow(
      "nodes[0].from: expected names of nodes before it",
    );
  });
});
