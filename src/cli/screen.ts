import type { ExecutionEvent } from "./events.js";

/** Where a run tells a person how far it is: one line that changes in a terminal, lines elsewhere. */
export interface Screen {
  /** A line that stays. */
  readonly say: (text: string) => void;
  readonly event: (notebook: string, event: ExecutionEvent) => void;
  /** A notebook that ended no longer shows. */
  readonly end: (notebook: string) => void;
  readonly colour: boolean;
}

/** A screen on a stream. */
export function screenOn(stream: NodeJS.WriteStream): Screen {
  const running = new Map<string, string>();
  const live = stream.isTTY === true;
  const wipe = live ? "\r\u001b[2K" : "";
  const draw = (): void => {
    if (!live || running.size === 0) return;
    const line = [...running].map(([name, at]) => `${name} ${at}`).join("   ");
    stream.write(`${wipe}${line.slice(0, (stream.columns || 80) - 1)}`);
  };
  return {
    colour: live && !process.env.NO_COLOR,
    say(text) {
      stream.write(`${wipe}${text}\n`);
      draw();
    },
    event(notebook, event) {
      if (event.event === "started") running.set(notebook, "starting its kernel");
      if (event.event === "cell") running.set(notebook, `cell ${event.cell} of ${event.of}`);
      draw();
    },
    end(notebook) {
      running.delete(notebook);
      if (live) stream.write(wipe);
      draw();
    },
  };
}
