import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../notebook/environment.js";
import { EXIT } from "../command.js";
import type { Command } from "../command.js";

const MADE = ["out"];
const SET_UP = ["dist", ".venv", "node_modules"];

export const clean: Command = {
  name: "clean",
  summary: "Removes out/: executed copies, figures and caches of runs. Committed files stay.",
  flags: [{ name: "all", text: `remove what the set-up made as well: ${SET_UP.join(", ")}` }],
  run: ({ given }) => {
    for (const name of given.has("all") ? [...MADE, ...SET_UP] : MADE) {
      const folder = join(root, name);
      if (!existsSync(folder)) continue;
      rmSync(folder, { recursive: true });
      process.stdout.write(`removed ${name}/\n`);
    }
    return Promise.resolve(EXIT.ok);
  },
};
