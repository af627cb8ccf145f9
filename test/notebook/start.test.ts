import { describe, expect, it, vi } from "vitest";
import { show } from "../../src/notebook/display.js";
import { start } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();

describe("start", () => {
  it("shows versions, device and profile in one table", async () => {
    await start("01-test");
    expect(run.kernel.shown).toHaveLength(1);
    const text = run.kernel.last("text/plain");
    expect(text).toMatch(/^notebook +01-test, profile quick$/m);
    expect(text).toMatch(/^Node +v\d+\.\d+\.\d+, Scorebook's kernel$/m);
    expect(text).toMatch(/vega-lite 6\.\d+\.\d+.*danfojs-node 1\.2\.0.*tslab 1\.0\.22/);
    expect(text).toMatch(/^device +\w+ by/m);
    expect(text).not.toContain("missing");
  });

  it("takes its name from the runner, the caller, JupyterLab, in this order", async () => {
    process.env.JPY_SESSION_NAME = "/somewhere/My notes.ipynb";
    await expect(start()).rejects.toThrow("expected letters");
    process.env.JPY_SESSION_NAME = "/somewhere/notes.ipynb";
    await start();
    expect(run.document("notes").notebook).toBe("notes");
    await start("02-own");
    expect(run.document("02-own").checks).toEqual([]);
    process.env.SCOREBOOK_NOTEBOOK = "03-runner";
    await start("02-own");
    expect(run.document("03-runner").profile).toBe("quick");
  });
});

describe("show", () => {
  it("prints the text outside a notebook", () => {
    Object.assign(globalThis, { [Symbol.for("scorebook.kernel")]: undefined });
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      show({ "text/html": "<b>1</b>", "text/plain": "one" });
      show({ "text/markdown": "*no text*" });
      expect(write.mock.calls).toEqual([["one\n"]]);
    } finally {
      write.mockRestore();
    }
  });

  it("gives stock tslab the richest form it can show, in place under an id", () => {
    Object.assign(globalThis, { [Symbol.for("scorebook.kernel")]: undefined });
    const calls: unknown[] = [];
    const display = (name: string) => ({
      raw: (mime: string, content: unknown) => calls.push([name, mime, content]),
    });
    let made = 0;
    const tslab = { display: display("plain"), newDisplay: () => display(`new ${++made}`) };
    Object.assign(globalThis, { __tslab__: { require: () => tslab } });
    try {
      show({ "application/vnd.vegalite.v5+json": {}, "image/svg+xml": "<svg/>", "text/plain": "x" });
      show({ "text/html": "<p>1", "text/plain": "1" }, { id: "a" });
      show({ "text/html": "<p>2", "text/plain": "2" }, { id: "a", update: true });
    } finally {
      delete (globalThis as { __tslab__?: unknown }).__tslab__;
    }
    expect(calls).toEqual([
      ["plain", "image/svg+xml", "<svg/>"],
      ["new 1", "text/html", "<p>1"],
      ["new 1", "text/html", "<p>2"],
    ]);
  });
});
