import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Profile } from "../notebook/environment.js";
import { EXIT } from "./command.js";
import { notebookResult, readRecord, recordPath } from "./document.js";
import type { NotebookResult, RunDocument } from "./document.js";
import { execute } from "./execute.js";
import { machine, version } from "./machine.js";
import type { Notebook } from "./notebooks.js";
import { refusedParams } from "./params.js";
import { failureText, resultsTable, tally } from "./report.js";
import { schedule } from "./schedule.js";
import type { Screen } from "./screen.js";

/** What to run and how. */
export interface RunPlan {
  readonly notebooks: readonly Notebook[];
  readonly profile: Profile;
  /** JSON text. */
  readonly params: string;
  readonly out: string;
  readonly jobs: number;
  readonly timeout: number | undefined;
  readonly keepGoing: boolean;
  /** Further variables for the kernels. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A run that ended. */
export interface RunEnd {
  readonly document: RunDocument;
  readonly code: number;
}

/** Runs notebooks, tells a screen about it, and gives the run's document and exit code. */
export async function runNotebooks(plan: RunPlan, screen: Screen): Promise<RunEnd> {
  const { notebooks, profile, jobs, keepGoing } = plan;
  const here = await machine();
  const interruption = interruptible(screen);
  const stop = ({ status }: NotebookResult): boolean =>
    interruption.signal.aborted || (status !== "ok" && !keepGoing);
  const one = (notebook: Notebook): Promise<NotebookResult> =>
    runOne(notebook, plan, screen, interruption.signal);
  const results = await schedule(notebooks, jobs, one, stop).finally(interruption.end);
  const done = results.filter((result) => result !== undefined);
  const left = notebooks.filter((_, i) => results[i] === undefined).map(({ name }) => name);
  const document = { scorebook: version(), profile, machine: here, notebooks: done };
  report(done, left, screen);
  return { document, code: exitCode(done, interruption.signal.aborted) };
}

/** Where a run puts the executed copy of a notebook. */
export function executedCopy(out: string, { name }: Notebook): string {
  return join(out, "notebooks", `${name}.ipynb`);
}

async function runOne(
  notebook: Notebook,
  plan: RunPlan,
  screen: Screen,
  signal: AbortSignal,
): Promise<NotebookResult> {
  const { name } = notebook;
  const { out, timeout } = plan;
  rmSync(recordPath(out, name), { force: true });
  screen.say(`${name}: running at profile ${plan.profile}`);
  const start = performance.now();
  const watch = watchFigures(name, out, screen);
  const execution = await execute(notebook, {
    target: executedCopy(out, notebook),
    env: kernelEnvironment(name, plan),
    timeout,
    signal,
    onEvent: (event) => screen.event(name, event),
  }).finally(watch);
  screen.end(name);
  const result = notebookResult(name, execution, (performance.now() - start) / 1000, readRecord(out, name));
  if (execution.stop) screen.say(`\n${failureText(name, execution.stop, screen.colour)}\n`);
  screen.say(`${name}: ${result.status}, ${result.seconds.toFixed(1)} s`);
  return result;
}

/** Learned runs use all cores: kernels that run side by side share them. */
function kernelEnvironment(
  name: string,
  { profile, params, out, jobs, env }: RunPlan,
): Record<string, string> {
  const share = String(Math.max(1, Math.floor(availableParallelism() / jobs)));
  return {
    ...(jobs > 1 && { SCOREBOOK_THREADS: process.env.SCOREBOOK_THREADS || share }),
    SCOREBOOK_PROFILE: profile,
    SCOREBOOK_PARAMS: params,
    SCOREBOOK_OUT: out,
    SCOREBOOK_NOTEBOOK: name,
    ...env,
  };
}

/** Says where a notebook's first figure is as soon as it is there; the function given ends the watch. */
function watchFigures(notebook: string, out: string, screen: Screen): () => void {
  const look = (): void => {
    const [first] = readRecord(out, notebook).figures;
    if (first === undefined) return;
    clearInterval(timer);
    if (!told) screen.say(`${notebook}: first figure ${first}`);
    told = true;
  };
  let told = false;
  const timer = setInterval(look, 250);
  return () => {
    look();
    clearInterval(timer);
  };
}

/** The first interrupt ends the kernels and saves what there is; the second ends this process. */
function interruptible(screen: Screen) {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    screen.say("stopping: kernels end, what was done is kept (once more: at once)");
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const end = (): void => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  return { signal: controller.signal, end };
}

function report(done: readonly NotebookResult[], left: readonly string[], screen: Screen): void {
  if (done.length === 0) return;
  const { passed, failed } = tally(done);
  screen.say(`\n${resultsTable(done)}\n`);
  if (left.length > 0) screen.say(`not run: ${left.join(", ")} (--keep-going runs on after a failure)`);
  screen.say(`${passed} passed, ${failed} failed`);
}

function exitCode(done: readonly NotebookResult[], interrupted: boolean): number {
  if (interrupted) return EXIT.interrupted;
  if (done.some(refusedParams)) return EXIT.refused;
  return done.every(({ status }) => status === "ok") ? EXIT.ok : EXIT.failed;
}
