import { createHmac, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Wire } from "../../src/kernel/wire.js";

const KEY = "secret";

function frames(type = "execute_request", key = KEY): Buffer[] {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: "s",
    username: "u",
    date: "",
    version: "5.3",
  };
  const parts = [header, {}, {}, { code: "1" }].map((part) => JSON.stringify(part));
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return ["client", "<IDS|MSG>", hmac.digest("hex"), ...parts].map((part) => Buffer.from(part));
}

describe("Wire", () => {
  it("reads a signed message, with the identities in front of it", () => {
    const message = new Wire(KEY).parse(frames());
    expect(message?.header.msg_type).toBe("execute_request");
    expect(message?.content).toEqual({ code: "1" });
    expect(message?.identities.map(String)).toEqual(["client"]);
  });

  it("drops a message without its signature, with another's, or with a part changed", () => {
    const wire = new Wire(KEY);
    expect(wire.parse(frames("execute_request", "other"))).toBeUndefined();
    for (const [at, text] of [
      [2, ""],
      [2, "zz"],
      [3, "{}"],
      [6, '{"code":"2"}'],
    ] as const) {
      const changed = frames();
      changed[at] = Buffer.from(text);
      expect(wire.parse(changed), `frame ${at}`).toBeUndefined();
    }
  });

  it("drops a message that comes a second time", () => {
    const wire = new Wire(KEY);
    const once = frames();
    expect(wire.parse(once)).toBeDefined();
    expect(wire.parse(once)).toBeUndefined();
    expect(new Wire(KEY).parse(once)).toBeDefined();
  });

  it("drops what has the wrong form, however it is signed", () => {
    const wire = new Wire("");
    const good = frames();
    expect(wire.parse(good)).toBeDefined();
    expect(wire.parse([])).toBeUndefined();
    expect(wire.parse(good.slice(2))).toBeUndefined();
    expect(wire.parse(good.slice(0, 5))).toBeUndefined();
    for (const at of [3, 6])
      for (const text of ["", "null", "[", "7"]) {
        const changed = [...good];
        changed[at] = Buffer.from(text);
        expect(wire.parse(changed), `frame ${at} ${text}`).toBeUndefined();
      }
  });

  it("signs what it sends so that the other side can read it", () => {
    const wire = new Wire(KEY);
    const request = wire.parse(frames());
    const out = wire
      .encode(["client"], request?.header, "execute_reply", { status: "ok" })
      .map((part) => Buffer.from(part));
    const reply = new Wire(KEY).parse(out);
    expect(reply?.header.msg_type).toBe("execute_reply");
    expect(reply?.content).toEqual({ status: "ok" });
    expect((JSON.parse(out[4].toString()) as { msg_id: string }).msg_id).toBe(request?.header.msg_id);
  });
});
