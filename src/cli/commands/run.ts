import { dirname, join, resolve } from "node:path";
import { checkOneOf } from "../../core/checks.js";
import { root } from "../../notebook/environment.js";
import type { Profile } from "../../notebook/environment.js";
import { writeAtomic } from "../../store/index.js";
import { EXIT, JSON_FLAG } from "../command.js";
import type { Command, Flag, Words } from "../command.js";
import { numberOf } from "../flags.js";
import { junit } from "../junit.js";
import { findNotebooks } from "../notebooks.js";
import type { Notebook } from "../notebooks.js";
import { writableFolder } from "../output-folder.js";
import { checkParams } from "../params.js";
import { runNotebooks } from "../run-notebooks.js";
import type { RunEnd, RunPlan } from "../run-notebooks.js";
import { screenOn } from "../screen.js";

const PROFILES: readonly Profile[] = ["quick", "full"];

/** Flags that `reproduce` has too. */
export const RUN_FLAGS: readonly Flag[] = [
  { name: "params", value: "JSON", kind: "json", text: 'single parameters to replace, as in {"seed": 1}' },
  { name: "out", value: "DIR", text: "folder of what the run makes (out/)" },
  { name: "jobs", value: "N", kind: "whole", text: "notebooks at the same time (1: each uses all cores)" },
  {
    name: "timeout",
    value: "S",
    kind: "seconds",
    text: "seconds that a notebook may take; then its kernel is killed",
  },
  { name: "keep-going", text: "run the other notebooks after a failure" },
  { name: "junit", value: "FILE", text: "write the results as JUnit XML, too" },
  JSON_FLAG,
];

export const run: Command = {
  name: "run",
  summary:
    "Runs notebooks headlessly and shows every check: the talk's number, ours, the bound, the verdict.",
  operands: "[NOTEBOOK...]",
  flags: [{ name: "profile", value: "NAME", choices: PROFILES, text: "problem sizes" }, ...RUN_FLAGS],
  notes: [
    "Executed copies of the notebooks go to OUT/notebooks (also where a cell fails), figures to OUT/figures.",
    "The committed notebooks and figures stay as they are: `scorebook reproduce` writes those.",
  ],
  run: async (words) => {
    const profile = words.text.profile ?? process.env.SCOREBOOK_PROFILE ?? "quick";
    return runWords(words, { profile: checkOneOf("SCOREBOOK_PROFILE", profile as Profile, PROFILES) });
  },
};

/** What a command adds to a run. */
interface Extra extends Pick<RunPlan, "profile" | "env"> {
  /** Called after the run with its notebooks. */
  readonly after?: (end: RunEnd, notebooks: readonly Notebook[]) => Promise<void>;
}

/** Runs what the words of a command line ask for. */
export async function runWords(words: Words, { profile, env, after }: Extra): Promise<number> {
  const { text, given } = words;
  const notebooks = findNotebooks(words.operands);
  const params = text.params ?? process.env.SCOREBOOK_PARAMS ?? "{}";
  checkParams(JSON.parse(params) as object, notebooks);
  const out = writableFolder("--out", text.out ?? process.env.SCOREBOOK_OUT ?? join(root, "out"));
  if (text.junit !== undefined) writableFolder("--junit", dirname(resolve(text.junit)));
  const json = given.has("json");
  const screen = screenOn(json ? process.stderr : process.stdout);
  if (notebooks.length === 0) screen.say("notebooks/ has no notebook yet: nothing to run");
  const end = await runNotebooks(
    {
      notebooks,
      profile,
      params,
      out,
      env,
      jobs: numberOf(words, "jobs", 1),
      timeout: numberOf(words, "timeout", undefined),
      keepGoing: given.has("keep-going"),
    },
    screen,
  );
  if (text.junit !== undefined) await writeAtomic(resolve(text.junit), junit(end.document));
  if (end.code === EXIT.ok) await after?.(end, notebooks);
  if (json) process.stdout.write(`${JSON.stringify(end.document, null, 2)}\n`);
  return end.code;
}
