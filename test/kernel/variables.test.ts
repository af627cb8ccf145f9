import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient, of, printed } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
}, 120_000);
afterAll(() => kernel.stop());

/** What a cell's last expression gives, or the error it ends with. */
async function value(code: string): Promise<unknown> {
  const run = await kernel.run(code);
  if (run.reply.content.status !== "ok")
    return `${String(run.reply.content.ename)}: ${String(run.reply.content.evalue)}`;
  return (of(run, "execute_result")[0]?.data as Record<string, string> | undefined)?.["text/plain"];
}

describe("names of earlier cells", () => {
  beforeAll(async () => {
    await kernel.run(
      "interface Point { x: number; tag?: string }\nlet x = 3, y = 'a';\nlet point: Point = { x: 1, tag: 't' };\nimport { sep } from 'node:path';\nfunction twice(n: number) { return 2 * n }",
    );
  });

  it("work as shorthand properties", async () => {
    expect(await value("({ x, y, sep, twice: twice(x) })")).toBe("{ x: 3, y: 'a', sep: '/', twice: 6 }");
    expect(
      await value(
        "const f = (n: number) => ({ n, x, inner: { y, g: (k: number) => ({ k, x }) } });\nf(1).inner.g(2)",
      ),
    ).toBe("{ k: 2, x: 3 }");
    expect(await value("{ const x = 9; console.log({ x }); }\n({ x: x + 1 }).x")).toBe("4");
  });

  it("work as shorthand targets of a destructuring assignment, with defaults", async () => {
    expect(await value("({ x, y = twice(4) + 'z' } = { x: 5 } as { x: number; y?: string });\n[x, y]")).toBe(
      "[ 5, '8z' ]",
    );
  });

  it("are not taken for properties of the same name", async () => {
    expect(await value("const { x: abscissa, tag: label = 'none' } = point;\n[abscissa, label]")).toBe(
      "[ 1, 't' ]",
    );
    expect(
      await value(
        "let first = 0;\n({ x: first } = point);\nconst g = ({ x: inner }: Point) => inner;\nfirst + g(point)",
      ),
    ).toBe("2");
    expect(await value("({ x: 7, sep: 8 })")).toBe("{ x: 7, sep: 8 }");
  });

  it("keep exact positions behind a shorthand", async () => {
    const run = await kernel.run("const a = { x, y };\n\nthrow new Error('here');");
    expect((run.reply.content.traceback as string[]).join("\n")).toContain("line 3");
  });
});

describe("a cell that is broken off", () => {
  it("keeps what it had assigned when it threw, as Python does, and no more", async () => {
    await kernel.run(
      "interface Kept { n: number }\nconst early: Kept = { n: 4 };\nfunction helper(k: Kept) { return k.n }\nthrow new Error('stop');\nconst late = 1;",
    );
    expect(await value("helper(early) as Kept['n']")).toBe("4");
    expect(await value("late")).toMatch(/^TypeScriptError: Cannot find name 'late'/);
  });

  it("keeps what it had assigned when it was interrupted", async () => {
    for (const loop of ["while (true) {}", "await new Promise(() => {});", "await null; while (true) {}"]) {
      const id = kernel.send("execute_request", {
        code: `let counted = ${loop.length}; console.log("ready"); ${loop} const after = 1;`,
      });
      await kernel.until(() => printed({ published: kernel.published(id) }).includes("ready"), 20, "ready");
      kernel.interrupt();
      expect((await kernel.finished(id)).reply.content.ename).toBe("KeyboardInterrupt");
      expect(await value("counted")).toBe(String(loop.length));
      expect(await value("after")).toMatch(/Cannot find name 'after'/);
    }
  });

  it("leaves what it was about to assign anew as it was, with its type", async () => {
    await kernel.run("let kept = 'old', other = 1; const pair = { kept };");
    await kernel.run("const other = 'new';\nthrow new Error('stop');\nlet kept = 5;");
    expect(await value("[kept.toUpperCase(), other.toUpperCase(), pair.kept]")).toBe(
      "[ 'OLD', 'NEW', 'old' ]",
    );
  });

  it("changes nothing where its types are refused", async () => {
    await kernel.run("let solid = 1;");
    await kernel.run("const solid: string = 2;");
    expect(await value("solid + 1")).toBe("2");
  });
});

it("goes on when files around the notebook appear and go", async () => {
  await kernel.run('import { missing } from "./missing.js";'); // from now on TypeScript watches for it
  const folder = mkdtempSync(fileURLToPath(new URL("../../notebooks/.watched-", import.meta.url)));
  try {
    for (let i = 0; i < 3; i++) {
      writeFileSync(join(folder, `${i}.ts`), "export const a = 1;");
      await new Promise((resolve) => setTimeout(resolve, 400)); // TypeScript gathers changes for 250 ms
      expect(await value(`${i} + 1`)).toBe(String(i + 1));
      rmSync(join(folder, `${i}.ts`));
      expect(await value("'still here'")).toBe("'still here'");
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(
    kernel.iopub.filter(
      ({ type, content }) => type === "error" && /rebuildTimer/.test(String(content.evalue)),
    ),
  ).toEqual([]);
});
