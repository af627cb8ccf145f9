import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { screenOn } from "../../src/cli/screen.js";

/** A stream that keeps what is written to it; in a terminal of 40 columns, or not. */
function stream(isTTY: boolean) {
  const through = Object.assign(new PassThrough(), { isTTY, columns: 40 });
  return { output: through as unknown as NodeJS.WriteStream, text: () => String(through.read() ?? "") };
}

const cell = (number: number) => ({ event: "cell", cell: number, of: 9 }) as const;

describe("the screen of a run", () => {
  it("writes whole lines only where it is no terminal", () => {
    const { output, text } = stream(false);
    const screen = screenOn(output);
    screen.say("02-b: running");
    screen.event("02-b", cell(1));
    screen.end("02-b");
    screen.say("02-b: ok");
    expect(text()).toBe("02-b: running\n02-b: ok\n");
    expect(screen.colour).toBe(false);
  });

  it("keeps one changing line below what was said in a terminal, no wider than it", () => {
    const { output, text } = stream(true);
    const screen = screenOn(output);
    screen.event("02-b", cell(1));
    screen.event("03-c", cell(2));
    expect(text().split("\r\u001b[2K").at(-1)).toBe("02-b cell 1 of 9   03-c cell 2 of 9");
    screen.say("said");
    expect(text()).toBe("\r\u001b[2Ksaid\n\r\u001b[2K02-b cell 1 of 9   03-c cell 2 of 9");
    screen.event("04-a-name-that-is-long", cell(3));
    expect(text().split("\r\u001b[2K").at(-1)).toHaveLength(39);
    for (const name of ["02-b", "03-c", "04-a-name-that-is-long"]) screen.end(name);
    expect(text().endsWith("\r\u001b[2K")).toBe(true);
  });
});
