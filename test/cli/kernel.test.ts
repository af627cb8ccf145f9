import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { kernel } from "../../src/cli/commands/kernel.js";
import { parseWords } from "../../src/cli/flags.js";
import { installKernel, uninstallKernel, userData } from "../../src/cli/kernel-folder.js";
import { kernelspec } from "../../scripts/setup/kernelspec.js";

let folder = "";
let registered = "";
const target = () => join(folder, "share", "jupyter", "kernels", "tslab");
const file = () => join(target(), "kernel.json");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scorebook-kernel-"));
  mkdirSync(join(folder, "venv"));
  registered = join(folder, "venv", "kernel.json");
  writeFileSync(registered, JSON.stringify(kernelspec("/node", "/dist/kernel/main.js")));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("the kernel's registration", () => {
  it("is made, replaced by a later one, and removed", () => {
    installKernel(target(), registered);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({
      interrupt_mode: "message",
      language: "typescript",
    });
    writeFileSync(registered, JSON.stringify(kernelspec("/other", "/dist/kernel/main.js")));
    installKernel(target(), registered);
    expect((JSON.parse(readFileSync(file(), "utf8")) as { argv: string[] }).argv[0]).toBe("/other");
    expect(uninstallKernel(target())).toBe(true);
    expect(existsSync(target())).toBe(false);
    expect(uninstallKernel(target())).toBe(false);
  });

  it("leaves another program's kernel of the same name alone", () => {
    mkdirSync(target(), { recursive: true });
    for (const text of ['{"argv":["tslab","kernel"],"display_name":"TypeScript"}', "not JSON"]) {
      writeFileSync(file(), text);
      expect(() => installKernel(target(), registered)).toThrow(/expected no kernel of that name, or ours/);
      expect(() => uninstallKernel(target())).toThrow(/another program's kernel/);
      expect(readFileSync(file(), "utf8")).toBe(text);
    }
  });

  it("needs the set-up", () => {
    expect(() => installKernel(target(), join(folder, "none.json"))).toThrow(/npm run setup/);
  });

  it("of a user is where Jupyter looks on each platform", () => {
    expect(userData("linux", {}, "/home/me")).toBe(join("/home/me", ".local", "share", "jupyter"));
    expect(userData("linux", { XDG_DATA_HOME: "/data" }, "/home/me")).toBe(join("/data", "jupyter"));
    expect(userData("darwin", {}, "/Users/me")).toBe(join("/Users/me", "Library", "Jupyter"));
    expect(userData("win32", { APPDATA: "C:\\A" }, "C:\\me")).toBe(join("C:\\A", "jupyter"));
    expect(userData("linux", { JUPYTER_DATA_DIR: "/own" }, "/home/me")).toBe("/own");
  });
});

describe("scorebook kernel", () => {
  const words = (...given: string[]) => parseWords(kernel, given);

  it("wants an action, and either --user or --prefix", () => {
    expect(() => kernel.run(words("instal", "--user"))).toThrow(/did you mean "install"/);
    expect(() => kernel.run(words("--user"))).toThrow(/expected one of install, uninstall/);
    expect(() => kernel.run(words("install"))).toThrow(/either --user or --prefix DIR/);
    expect(() => kernel.run(words("install", "--user", "--prefix", folder))).toThrow(/got "both"/);
    expect(() => kernel.run(words("install", "now", "--user"))).toThrow(/no further word/);
  });

  it("removes from the user's folder or a prefix, and says what it did", async () => {
    const said: string[] = [];
    const write = vi
      .spyOn(process.stdout, "write")
      .mockImplementation((text) => Boolean(said.push(String(text))));
    installKernel(target(), registered);
    expect(await kernel.run(words("uninstall", "--prefix", folder))).toBe(0);
    vi.stubEnv("JUPYTER_DATA_DIR", folder);
    expect(await kernel.run(words("uninstall", "--user"))).toBe(0);
    write.mockRestore();
    expect(said).toEqual([
      `removed ${target()}\n`,
      `no kernel tslab in ${join(folder, "kernels", "tslab")}\n`,
    ]);
  });
});
