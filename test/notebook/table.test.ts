import { describe, expect, it } from "vitest";
import { table } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();
const rows = [
  { basis: "Hermite <1>", error: 0.0123456, samples: 10000, verdict: true, note: null },
  { basis: "Fourier", error: 2.5e-7, samples: 50, verdict: false, note: "slow" },
];

describe("table", () => {
  it("is a danfojs DataFrame that selects and computes", () => {
    const frame = table(rows);
    expect(frame.shape).toEqual([2, 5]);
    expect(frame.columns).toEqual(["basis", "error", "samples", "verdict", "note"]);
    expect(frame.column("samples").sum()).toBe(10050);
    expect(frame.loc({ rows: frame.column("error").lt(0.001) }).values[0]).toContain("Fourier");
  });

  it("can be walked by a screen reader: caption, headings of columns and rows, verdicts in words", () => {
    table(rows, { caption: "Errors & more", units: { error: "%" } });
    const html = run.kernel.last("text/html");
    expect(html).toMatch(/<caption[^>]*>Errors &#38; more<\/caption>/);
    expect(html.match(/<th scope="col"/g)).toHaveLength(5);
    expect(html.match(/<th scope="row"/g)).toHaveLength(2);
    expect(html).toContain(">error (%)</th>");
    expect(html).toContain("Hermite &#60;1&#62;");
    expect(html).toMatch(/>✓ pass<.*>✗ FAIL</s);
  });

  it("rounds numbers for display only, aligned to the right", () => {
    const frame = table(rows, { digits: 3 });
    expect(run.kernel.last("text/plain").split("\n")).toEqual([
      "basis         error  samples  verdict  note",
      "───────────  ──────  ───────  ───────  ────",
      "Hermite <1>  0.0123    10000  ✓ pass      –",
      "Fourier      2.5e−7       50  ✗ FAIL   slow",
    ]);
    expect(frame.column("error").values).toEqual([0.0123456, 2.5e-7]);
  });

  it("shows a DataFrame that was made from another", () => {
    const frame = table(rows);
    table(frame.loc({ columns: ["basis", "samples"] }));
    expect(run.kernel.last("text/plain")).toContain("basis        samples");
  });

  it("is not shown twice when it ends its own cell, but is in a later one", () => {
    const frame = table(rows) as unknown as { toMimeBundle(): object | undefined };
    expect(frame.toMimeBundle()).toBeUndefined();
    run.kernel.cell = 2;
    expect(frame.toMimeBundle()).toHaveProperty("text/html");
  });

  it("names what is wrong", () => {
    expect(() => table([])).toThrow("rows: expected at least one row");
    expect(() => table([{ a: 1 }, { b: 1 }])).toThrow("rows[1]: expected the keys of the first row: a");
    expect(() => table([{ a: 1 }, { a: 1, b: 2 } as never])).toThrow("rows[1]");
    expect(() => table(rows, { units: { eror: "%" } })).toThrow('did you mean "error"');
  });
});
