import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient, of, traceback } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
}, 120_000);
afterAll(() => kernel.stop());

/** Name and message of a failed run, in the reply and in the saved output alike. */
function failure(run: Awaited<ReturnType<KernelClient["run"]>>): string {
  const { status, ename, evalue } = run.reply.content;
  expect(status).toBe("error");
  const [error] = of(run, "error");
  expect(error).toMatchObject({ ename, evalue, traceback: run.reply.content.traceback });
  return `${String(ename)}: ${String(evalue)}`;
}

describe("a failing cell", () => {
  it("gives name, message and TypeScript line of what it throws, and of each caller", async () => {
    const code = [
      "interface Pair { readonly left: number; readonly right: number }",
      "",
      "function ratio({ left, right }: Pair): number {",
      "  // compiled code has other lines than this",
      "  if (right === 0)",
      "    throw new RangeError(`no ratio of ${left} and 0`);",
      "  return left / right;",
      "}",
      "const ratios = [",
      "  ratio({ left: 1, right: 2 }),",
      "  ratio({ left: 3, right: 0 }),",
      "];",
    ].join("\n");
    const run = await kernel.run(code);
    expect(failure(run)).toBe("RangeError: no ratio of 3 and 0");
    const count = String(run.reply.content.execution_count);
    expect(traceback(run).split("\n")).toEqual([
      "RangeError: no ratio of 3 and 0",
      `    at ratio cell ${count}, line 6`,
      "      5 | if (right === 0)",
      "    > 6 |   throw new RangeError(`no ratio of ${left} and 0`);",
      "      7 | return left / right;",
      `    at cell ${count}, line 11`,
      "    > 11 | ratio({ left: 3, right: 0 }),",
    ]);
  });

  it("gives the line also after an await and inside a function of an earlier cell", async () => {
    const earlier = await kernel.run(
      "\n\nasync function later(): Promise<never> {\n  await null;\n  throw new TypeError('later');\n}",
    );
    const run = await kernel.run("await null;\n\nawait later();");
    expect(failure(run)).toBe("TypeError: later");
    const [count, here] = [earlier, run].map(({ reply }) => String(reply.content.execution_count));
    expect(traceback(run)).toContain(`at later cell ${count}, line 5`);
    expect(traceback(run)).toContain(`at cell ${here}, line 3\n    > 3 | await later();`);
  });

  it("shows type errors with line, column and a caret under the place", async () => {
    const run = await kernel.run(
      "const fine = 1;\n  const wrong: number = 'text';\nconst other: string = 2;",
    );
    expect(failure(run)).toBe(
      "TypeScriptError: Type 'string' is not assignable to type 'number'. (line 2, column 9) and 1 more",
    );
    expect(traceback(run)).toContain(
      "line 2, column 9: Type 'string' is not assignable to type 'number'.\n    const wrong: number = 'text';\n          ^",
    );
    expect(traceback(run)).toContain("line 3, column 7: Type 'number' is not assignable to type 'string'.");
  });

  it("puts the details of one type error under its first line", async () => {
    const run = await kernel.run(
      "const pair: { left: { depth: number } } = { left: { depth: 'x' } };\nconst f: (n: number) => void = (n: string) => {};",
    );
    const parts = traceback(run)
      .split("\n")
      .filter((line) => line.startsWith("TypeScriptError"));
    expect(parts).toHaveLength(2);
    expect(traceback(run)).toContain("\n  Types of parameters 'n' and 'n' are incompatible.");
  });

  it("shows syntax errors", async () => {
    const run = await kernel.run("const ok = 1;\nconst = 2;");
    expect(failure(run)).toMatch(/^TypeScriptError: .*line 2, column 7/);
  });

  it("refuses a misspelt option by its type", async () => {
    const code =
      'import { notebook } from "../dist/index.js";\nnotebook.table([{ a: 1 }], { captoin: "x" });';
    expect(failure(await kernel.run(code))).toMatch(/^TypeScriptError: .*'captoin'.*line 2/);
  });

  it("maps frames of the library to its sources, relative to the notebook, and shows their lines", async () => {
    const run = await kernel.run(
      'import { notebook } from "../dist/index.js";\n\nnotebook.check("a", {} as any);',
    );
    expect(failure(run)).toMatch(/^ArgumentError: id: expected/);
    expect(traceback(run)).toMatch(
      /at check \(\.\.[/\\]src[/\\]notebook[/\\]check\.ts:(\d+)\)\n.*\n {4}> \1 \| {3}throw new ArgumentError.*\n.*\n {4}at cell \d+, line 3\n {4}> 3 \| notebook\.check/,
    );
    expect(traceback(run)).not.toMatch(/node_modules|dist[/\\]kernel|node:/);
  });

  it("counts a library's deeper frames instead of listing them", async () => {
    const run = await kernel.run('const { parse } = require("mathjs");\nparse("2 +");');
    expect(failure(run)).toMatch(/^SyntaxError: /);
    expect(traceback(run)).toMatch(/… \d+ more/);
    expect(traceback(run).split("\n").length).toBeLessThan(8);
  });

  it("folds a recursion, and the middle of a long trace", async () => {
    const same = await kernel.run(
      "function deep(n: number): number {\n  return deep(n + 1) + 1;\n}\ndeep(0);",
    );
    expect(failure(same)).toMatch(/^RangeError: Maximum call stack/);
    expect(traceback(same)).toMatch(/at deep cell \d+, line 2\n(?:.*\|.*\n)+ {4}… 4\d more$/);
    const [a, b] = ["a", "b"].map(
      (name, i) => `function ${name}(n: number): number {\n  return ${"ba"[i]}(n + 1);\n}`,
    );
    const pair = await kernel.run(`${a}\n${b}\na(0);`);
    expect(traceback(pair).split("\n").length).toBeLessThan(40);
    expect(traceback(pair)).toMatch(/… \d+ more/);
  });

  it("is not misled by a message of several lines that looks like frames", async () => {
    const run = await kernel.run(
      "const f = () => {\n  throw new Error('first\\n    at fake (/some/file.js:1:2)\\nlast');\n};\nf();",
    );
    expect(failure(run)).toBe("Error: first\n    at fake (/some/file.js:1:2)\nlast");
    expect(traceback(run)).not.toMatch(/at .*file\.js:1\)/);
    expect(traceback(run)).toMatch(/at f cell \d+, line 2\n {6}1 \| const f = \(\) => \{\n {4}> 2 \|/);
  });

  it("finds the line of a call that spans several, and of one in a template", async () => {
    const code =
      "const g = (...xs: unknown[]) => { throw new Error(String(xs.length)); };\nconst all = [\n  1,\n  2,\n].map((n) =>\n  g(\n    n,\n    `${\n      n\n    }`,\n  ),\n);";
    const run = await kernel.run(code);
    expect(traceback(run)).toMatch(/at g cell \d+, line 1\n/);
    expect(traceback(run)).toMatch(/cell \d+, line 6\n/);
    expect(traceback(run)).toMatch(/cell \d+, line 5\n/);
  });

  it("names the cause", async () => {
    const run = await kernel.run("throw new Error('outer', { cause: new TypeError('inner') });");
    expect(traceback(run)).toMatch(/Error: outer[\s\S]*caused by\nTypeError: inner/);
  });

  it("shows a thrown value that is no error", async () => {
    expect(failure(await kernel.run("throw { code: 7 };"))).toBe("Thrown: { code: 7 }");
    expect(failure(await kernel.run("await Promise.reject(undefined);"))).toBe("Thrown: undefined");
  });

  it("leaves the next cell working", async () => {
    expect((await kernel.run("6 * 7")).reply.content.status).toBe("ok");
  });
});

describe("what nobody catches", () => {
  it("fails the cell while it runs", async () => {
    expect(failure(await kernel.run("Promise.reject(new Error('unseen'));\nconst kept = 1;"))).toBe(
      "Error: unseen",
    );
    expect((await kernel.run("kept")).reply.content.status).toBe("ok");
    const timer = await kernel.run(
      "setTimeout(() => { throw new Error('tick'); }, 5);\nawait new Promise((r) => setTimeout(r, 100));",
    );
    expect(failure(timer)).toBe("Error: tick");
    expect(traceback(timer)).toContain("line 1");
  });

  it("is shown in the cell that started it, after that has ended", async () => {
    const id = kernel.send("execute_request", {
      code: "setTimeout(async () => {\n  throw new Error('too late');\n}, 300);\n'done'",
    });
    const run = await kernel.finished(id);
    expect(run.reply.content.status).toBe("ok");
    await kernel.run("1");
    await kernel.until(() => of({ published: kernel.published(id) }, "error").length > 0, 5, "late error");
    const [error] = of({ published: kernel.published(id) }, "error");
    expect(error).toMatchObject({ ename: "Error", evalue: "too late" });
    expect((error.traceback as string[]).join("\n")).toMatch(/line 2/);
  });
});
