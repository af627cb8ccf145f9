import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../src/notebook/environment.js";

/** What notebooks/ holds as the runner leaves it. */
interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly metadata: { readonly tags?: readonly string[]; readonly execution?: unknown };
  readonly outputs?: readonly object[];
}

interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec?: { readonly name: string } };
}

const folder = join(root, "notebooks");
const files = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const text = (file: string) => readFileSync(join(root, file), "utf8");

describe("the committed notebooks", () => {
  it("are those that the tables list", () => {
    const listed = (file: string) =>
      [...text(file).matchAll(/^\| \[(?:\d+-[\w-]+)\]\((?:notebooks\/)?([\w-]+\.ipynb)\)/gm)].map(
        (row) => row[1],
      );
    expect(listed("README.md")).toEqual(listed("notebooks/README.md"));
    expect(files.filter((file) => !listed("README.md").includes(file))).toEqual([]);
  });

  it.each(files)("%s is as the runner and the reader expect it", (file) => {
    expect(file).toMatch(/^\d\d-[a-z0-9-]+\.ipynb$/);
    const raw = text(`notebooks/${file}`);
    const { cells, metadata } = JSON.parse(raw) as Notebook;
    const code = cells.filter((cell) => cell.cell_type === "code");
    expect(metadata.kernelspec?.name).toBe("tslab");
    expect(code.filter((cell) => cell.metadata.tags?.includes("parameters"))).toHaveLength(1);
    expect(code.at(-1)?.metadata.tags).toContain("checks");
    expect(code.filter((cell) => cell.metadata.execution !== undefined)).toEqual([]);
    // Tracebacks and tables of other machines' folders would change with every checkout.
    expect(raw).not.toContain(root);
    const sizes = code.flatMap(({ outputs = [] }) => outputs.map((output) => JSON.stringify(output).length));
    expect(Math.max(0, ...sizes)).toBeLessThan(1_500_000);
  });

  it("have every committed figure of theirs beside its specification", () => {
    const figures = existsSync(join(root, "figures")) ? readdirSync(join(root, "figures")) : [];
    const svgs = figures.filter((name) => name.endsWith(".svg"));
    expect(svgs.filter((name) => !figures.includes(name.replace(/\.svg$/, ".vl.json")))).toEqual([]);
    const names = files.map((file) => file.replace(/\.ipynb$/, ""));
    expect(svgs.filter((svg) => !names.some((name) => svg.startsWith(`${name}-`)))).toEqual([]);
  });
});
