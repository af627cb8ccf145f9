import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../notebook/environment.js";
import { EXIT, JSON_FLAG } from "../command.js";
import type { Command } from "../command.js";
import { shownPath } from "../document.js";
import { findNotebooks } from "../notebooks.js";

interface FigureFile {
  readonly path: string;
  readonly spec: string | null;
  readonly bytes: number;
  readonly committed: boolean;
}

export const figures: Command = {
  name: "figures",
  summary: "Lists the figures: those committed, and those that runs on this machine made.",
  operands: "[NOTEBOOK...]",
  flags: [{ name: "out", value: "DIR", text: "folder of the runs (out/)" }, JSON_FLAG],
  run: ({ operands, text, given }) => {
    const wanted = operands.length === 0 ? undefined : findNotebooks(operands).map(({ name }) => `${name}-`);
    const out = resolve(text.out ?? process.env.SCOREBOOK_OUT ?? join(root, "out"));
    const list = [
      ...figuresIn(join(root, "figures"), true),
      ...figuresIn(join(out, "figures"), false),
    ].filter(
      ({ path }) =>
        wanted === undefined || wanted.some((start) => path.split(/[\\/]/).at(-1)?.startsWith(start)),
    );
    process.stdout.write(
      `${given.has("json") ? JSON.stringify({ figures: list }, null, 2) : listing(list)}\n`,
    );
    return Promise.resolve(EXIT.ok);
  },
};

function figuresIn(folder: string, committed: boolean): FigureFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".svg"))
    .sort()
    .map((name) => {
      const spec = join(folder, name.replace(/\.svg$/, ".vl.json"));
      return {
        path: shownPath(join(folder, name)),
        spec: existsSync(spec) ? shownPath(spec) : null,
        bytes: statSync(join(folder, name)).size,
        committed,
      };
    });
}

function listing(list: readonly FigureFile[]): string {
  if (list.length === 0) return "no figures yet: `scorebook run` makes them";
  return list.map(({ path, bytes }) => `${path}  ${Math.ceil(bytes / 1000)} kB`).join("\n");
}
