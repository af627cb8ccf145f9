import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as library from "../../src/index.js";
import { KernelClient, of } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
}, 120_000);
afterAll(() => kernel.stop());

describe("questions", () => {
  it("are answered with the reply of their name", async () => {
    expect(await kernel.ask("history_request", { hist_access_type: "tail" })).toMatchObject({
      type: "history_reply",
      content: { status: "ok", history: [] },
    });
    expect(await kernel.ask("comm_info_request")).toMatchObject({
      type: "comm_info_reply",
      content: { status: "ok", comms: {} },
    });
    expect(await kernel.ask("kernel_info_request", {}, "control")).toMatchObject({
      type: "kernel_info_reply",
      content: { status: "ok", protocol_version: "5.3", language_info: { name: "typescript" } },
    });
    expect(await kernel.heartbeat()).toBe("ping");
  });

  it("that the kernel does not know are passed over", async () => {
    kernel.send("comm_open", { comm_id: "x", target_name: "jupyter.widget", data: {} });
    kernel.send("nonsense_request", {});
    expect((await kernel.run("1")).reply.content.status).toBe("ok");
  });

  it("about completeness tell a console when to ask for more", async () => {
    expect((await kernel.ask("is_complete_request", { code: "1 + 1" })).content).toEqual({
      status: "complete",
    });
    expect((await kernel.ask("is_complete_request", { code: "if (true) {" })).content).toEqual({
      status: "incomplete",
      indent: "  ",
    });
  });

  it("about completions count characters as Jupyter does", async () => {
    const { content } = await kernel.ask("complete_request", { code: "'😀'; Math.cbr", cursor_pos: 13 });
    expect(content).toMatchObject({ status: "ok", matches: ["cbrt"], cursor_start: 10, cursor_end: 13 });
  });

  it("about a name give its type and its documentation, from the library too", async () => {
    await kernel.run('import { plots } from "../dist/index.js";');
    const { content } = await kernel.ask("inspect_request", { code: "plots.pngField", cursor_pos: 9 });
    const text = (content.data as Record<string, string>)["text/plain"];
    expect(text).toContain("width: number, height: number");
    expect(text).toContain("A field of numbers as one small picture");
    expect((await kernel.ask("inspect_request", { code: "  ", cursor_pos: 1 })).content.found).toBe(false);
    const { matches } = (await kernel.ask("complete_request", { code: "plots.png", cursor_pos: 9 })).content;
    expect(matches).toEqual(["pngField"]);
  });
});

describe("answers about the whole library", () => {
  /** An answer at the place of the bar in a cell, and the processor seconds it took, which a busy machine leaves alone. */
  async function timed(type: string, marked: string) {
    const before = kernel.processorSeconds();
    const request = { code: marked.replace("|", ""), cursor_pos: marked.indexOf("|"), detail_level: 0 };
    const { content } = await kernel.ask(type, request);
    return { content, seconds: kernel.processorSeconds() - before };
  }

  it("come within 300 ms, with the members and their docs", async () => {
    const all = Object.keys(library).join(", ");
    expect((await kernel.run(`import { ${all} } from "../dist/index.js";`)).reply.content.status).toBe("ok");
    const seconds: number[] = [];
    for (let i = 0; i < 5; i++) {
      const members = await timed("complete_request", `const chain${i} = targets.|`);
      expect(members.content.matches).toEqual(expect.arrayContaining(["ginzburgLandau", "gibbsDensity"]));
      const option = await timed("complete_request", `targets.ginzburgLandau({ dim: ${i + 2}, b| })`);
      expect(option.content.matches).toEqual(expect.arrayContaining(["beta", "boundary"]));
      const docs = await timed("inspect_request", `targets.ginzburg|Landau({ dim: ${i + 2} });`);
      expect((docs.content.data as Record<string, string>)["text/plain"]).toMatch(
        /ginzburgLandau[\s\S]*Ginzburg/,
      );
      seconds.push(members.seconds, option.seconds, docs.seconds);
    }
    // The median: memory is tidied up during one or the other.
    expect(seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)]).toBeLessThan(0.3);
  });
});

describe("standard input", () => {
  it.each([
    ["process.stdin", "process.stdin.on('data', () => {});"],
    [
      "readline",
      "import * as readline from 'node:readline/promises';\nawait readline.createInterface({ input: process.stdin }).question('name? ');",
    ],
    ["an iteration", "for await (const line of process.stdin) console.log(line);"],
  ])("is refused clearly to %s", async (_, code) => {
    const run = await kernel.run(code, { allow_stdin: true });
    expect(run.reply.content).toMatchObject({ status: "error", ename: "StandardInputError" });
    expect(run.reply.content.evalue).toMatch(/^a cell has no standard input: put the value into a variable/);
    expect((await kernel.run("process.stdin.isTTY")).reply.content.status).toBe("ok");
  });
});

describe("a message that is not the client's", () => {
  const code = "globalThis.broken = true;";
  const TIMES = 1000;

  it.each(["shell", "control"] as const)(
    "is dropped on %s, however many come: forged, unsigned, replayed or malformed",
    async (channel) => {
      const once = kernel.frames(`once on ${channel}`, "kernel_info_request", {});
      const forged: string[] = [];
      for (let i = 0; i < TIMES; i++) {
        const type = i % 2 ? "execute_request" : "shutdown_request";
        forged.push(kernel.send(type, { code, restart: false }, { channel, key: "wrong" }));
        const unsigned = kernel.frames(`unsigned ${i}`, "execute_request", { code });
        unsigned[1] = "";
        kernel.sendRaw(unsigned, channel);
        kernel.sendRaw(once, channel);
        kernel.sendRaw(MALFORMED[i % MALFORMED.length](i), channel);
      }
      expect((await kernel.ask("kernel_info_request", {}, channel)).content.status).toBe("ok");
      const run = await kernel.run("(globalThis as any).broken === undefined");
      expect(of(run, "execute_result")[0].data).toEqual({ "text/plain": "true" });
      const strangers = new Set(forged);
      const heard = kernel.iopub.filter(
        ({ parent = "" }) => strangers.has(parent) || parent.startsWith("unsigned"),
      );
      expect(heard).toEqual([]);
      const answers = kernel.iopub.filter(
        ({ parent, content }) => parent === `once on ${channel}` && content.execution_state === "idle",
      );
      expect(answers).toHaveLength(1);
    },
  );

  it("is passed over on stdin, and as a request with content of the wrong kind", async () => {
    for (let i = 0; i < TIMES; i++) {
      kernel.sendRaw(kernel.frames(`reply ${i}`, "input_reply", { value: "x" }), "stdin");
      kernel.sendRaw(MALFORMED[i % MALFORMED.length](i), "stdin");
    }
    for (const content of [[], { code: 7 }, { code: null, cursor_pos: "x" }])
      for (const type of ["complete_request", "inspect_request", "interrupt_request", "history_request"])
        kernel.send(type, content);
    expect((await kernel.run("1")).reply.content.status).toBe("ok");
    expect(kernel.process.exitCode).toBeNull();
  });

  it.skipIf(process.platform !== "linux")(
    "could only come from this machine: every socket is on 127.0.0.1",
    () => {
      const LOOPBACK = "0100007F";
      const listening = readFileSync("/proc/net/tcp", "utf8")
        .split("\n")
        .map((line) => /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) \S+ 0A /.exec(line))
        .filter((match) => match !== null);
      for (const channel of ["shell", "iopub", "stdin", "control", "hb"] as const) {
        const here = listening.filter(([, , port]) => Number.parseInt(port, 16) === kernel.port(channel));
        expect(
          here.map(([, ip]) => ip),
          channel,
        ).toEqual([LOOPBACK]);
      }
    },
  );
});

const DELIMITER = "<IDS|MSG>";
const MALFORMED: readonly ((i: number) => (string | Buffer)[])[] = [
  () => [DELIMITER],
  (i) => [Buffer.from([255, 0, i % 256])],
  () => [DELIMITER, "", "{", "}", "", "null"],
  () => ["", "", ""],
  (i) => [DELIMITER, "0".repeat(64), "{}", "{}", "{}", "{}", `extra ${i}`],
  (i) => Array.from({ length: 20 }, () => `${i}`),
];
