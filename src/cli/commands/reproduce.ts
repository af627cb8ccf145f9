import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../notebook/environment.js";
import { writeAtomic } from "../../store/index.js";
import type { Command } from "../command.js";
import { mergeResults, readResults, resultsFile } from "../results.js";
import { executedCopy } from "../run-notebooks.js";
import { RUN_FLAGS, runWords } from "./run.js";

export const reproduce: Command = {
  name: "reproduce",
  summary:
    "Runs the full profile: what is missing of the committed rows, then figures, results and notebooks.",
  operands: "[NOTEBOOK...]",
  flags: [
    { name: "rows", value: "PATTERN", text: "only these rows, with * for any text; several with commas" },
    ...RUN_FLAGS.filter(({ name }) => name !== "params"),
  ],
  notes: [
    "A row (a method on a problem with a seed) is written to figures/results as it finishes and not done again.",
    "It may be stopped at any time: the next run goes on from there.",
    "After success the notebooks get their outputs, and figures/results.json what was found.",
  ],
  run: (words) =>
    runWords(words, {
      profile: "full",
      env: { SCOREBOOK_REPRODUCE: "1", SCOREBOOK_ROWS: words.text.rows ?? "*" },
      after: async ({ document }, notebooks) => {
        const out = resolve(words.text.out ?? process.env.SCOREBOOK_OUT ?? join(root, "out"));
        for (const notebook of notebooks)
          await writeAtomic(notebook.path, readFileSync(executedCopy(out, notebook), "utf8"));
        const merged = mergeResults(readResults(), document);
        if (notebooks.length > 0) await writeAtomic(resultsFile, `${JSON.stringify(merged, null, 2)}\n`);
      },
    }),
};
