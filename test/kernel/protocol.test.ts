import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client.js";

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

describe("a message that is not the client's", () => {
  const code = "globalThis.broken = true;";

  it.each(["shell", "control"] as const)(
    "is dropped on %s: forged, unsigned, replayed or malformed",
    async (channel) => {
      const forged = kernel.send("execute_request", { code }, { channel, key: "wrong" });
      const stop = kernel.send("shutdown_request", { restart: false }, { channel, key: "wrong" });
      const unsigned = kernel.frames("unsigned", "execute_request", { code });
      unsigned[1] = "";
      kernel.sendRaw(unsigned, channel);
      const once = kernel.frames("once", "kernel_info_request", {});
      for (let i = 0; i < 50; i++) {
        kernel.sendRaw(once, channel);
        kernel.sendRaw(["<IDS|MSG>"], channel);
        kernel.sendRaw([Buffer.from([255, 0, i])], channel);
        kernel.sendRaw(["<IDS|MSG>", "", "{", "}", "", "null"], channel);
      }
      expect((await kernel.ask("kernel_info_request", {}, channel)).content.status).toBe("ok");
      expect((await kernel.run("(globalThis as any).broken")).reply.content.status).toBe("ok");
      expect(kernel.published(forged)).toEqual([]);
      expect(kernel.published(stop)).toEqual([]);
      expect(kernel.published("unsigned")).toEqual([]);
      const answers = kernel.iopub.filter(
        ({ parent, content }) => parent === "once" && content.execution_state === "idle",
      );
      // The same id is signed the same on both channels: answered the first time only.
      expect(answers).toHaveLength(1);
    },
  );
});
