import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fromFile, toFile } from "../../src/data/file.js";
import { encodeNpy } from "../../src/store/index.js";

const folder = mkdtempSync(join(tmpdir(), "scorebook-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("points from a file", () => {
  const points = Float64Array.of(0.1, -2, 3e-7, 4, 5, 6);

  it.each(["a.npy", "a.csv"])("come back to the last bit from %s", async (name) => {
    const path = join(folder, name);
    await toFile(path, points, 2);
    expect(await fromFile(path)).toEqual({ points, count: 3, dim: 2, columns: ["0", "1"] });
  });

  it("may be single precision, one column, tabbed, or without a header", async () => {
    const single = file("b.npy", encodeNpy(Float32Array.of(0.5, 2), [2]));
    expect(await fromFile(single)).toMatchObject({ points: Float64Array.of(0.5, 2), dim: 1, count: 2 });
    const tabbed = file("b.tsv", "x\ty\n1\t2\n");
    expect(await fromFile(tabbed)).toMatchObject({ points: Float64Array.of(1, 2), columns: ["x", "y"] });
    const bare = file("b.csv", "1;2\n3;4\n");
    const read = await fromFile(bare, { header: false, delimiter: ";" });
    expect(read).toMatchObject({ count: 2, columns: ["0", "1"] });
  });

  it("keep the columns that are asked for, in that order", async () => {
    const path = file("c.csv", "id,x,y\n1,2,3\n4,5,6\n");
    const read = await fromFile(path, { columns: ["y", 1] });
    expect(read).toEqual({ points: Float64Array.of(3, 2, 6, 5), count: 2, dim: 2, columns: ["y", "x"] });
    await expect(fromFile(path, { columns: ["yy"] })).rejects.toThrow(/columns\[0\]: .*did you mean "y"/);
    await expect(fromFile(path, { columns: [3] })).rejects.toThrow(/columns\[0\]: expected a whole number/);
    await expect(fromFile(path, { columns: [] })).rejects.toThrow(/at least one column/);
  });

  it("are refused with the place of what is wrong", async () => {
    const nan = file("d.npy", encodeNpy(Float64Array.of(1, 2, 3, NaN), [2, 2]));
    await expect(fromFile(nan)).rejects.toThrow(/d\.npy.*entry \[1, 1\]: expected a finite number, got NaN/);
    const cube = file("e.npy", encodeNpy(new Float64Array(8), [2, 2, 2]));
    await expect(fromFile(cube)).rejects.toThrow(/shape \(points, coordinates\), got \(2, 2, 2\)/);
    const empty = file("f.npy", encodeNpy(new Float64Array(0), [0, 2]));
    await expect(fromFile(empty)).rejects.toThrow(/got \(0, 2\)/);
    const word = file("g.csv", "x,y\n1,2\n3,four\n");
    await expect(fromFile(word)).rejects.toThrow(
      /line 3, column 2 \(y\): expected a finite number, got "four"/,
    );
    await expect(fromFile(join(folder, "none.csv"))).rejects.toThrow(/none\.csv/);
    await expect(fromFile(join(folder, "data.xlsx"))).rejects.toThrow(/path: .*\.npy, \.csv, \.tsv/);
    await expect(toFile(join(folder, "h.csv"), points, 4)).rejects.toThrow(/points: .*multiple of dim = 4/);
  });
});
