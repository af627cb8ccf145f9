import { randomUUID } from "node:crypto";
import type { ProgressEvent } from "../core/progress.js";
import { inNotebook, kernel, show } from "./display.js";
import { escapeHtml, formatNumber, formatSeconds } from "./format.js";

/** How far a long computation is; the total may be left to the line. */
export type LineEvent = Omit<ProgressEvent, "total"> & Partial<Pick<ProgressEvent, "total">>;

/** A progress line: call it with how far the work is, or hand it over as an `onProgress` option. */
export interface ProgressLine {
  (event: LineEvent): void;
  /** Ends the line: what was done and how long it took stays in the notebook. */
  finish(note?: string): void;
}

/** What a line shows at a moment. */
interface Moment {
  readonly label: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly note: string;
  /** Since the line began. */
  readonly seconds: number;
  /** Steps a second since the count last began. */
  readonly rate: number;
  readonly finished: boolean;
}

const MIN_INTERVAL = 250;
const PATIENCE = 2000;
const MIN_SHARE = 0.02;

/**
 * One line that follows a long computation in place: share, rate and time left. It is redrawn at most four times a
 * second, when another 2 % are done or two seconds have passed; one line stays in the saved notebook. Once its cell is
 * interrupted the line throws, which ends the computation that reports to it.
 * @param total the number of steps; the events' own totals win over it
 */
export function progress(label: string, total?: number): ProgressLine {
  const id = randomUUID();
  const signal = kernel()?.signal;
  const began = performance.now();
  let [drawn, finished, counted] = [-Infinity, false, began];
  let [last, drawnDone, firstDone]: [LineEvent, number, number] = [{ done: 0, total }, 0, 0];

  function draw(now: number): void {
    const share = (now - counted) / 1000;
    const rate = share > 0 ? (last.done - firstDone) / share : 0;
    const { done, note = "" } = last;
    const moment = {
      label,
      done,
      total: last.total ?? total,
      note,
      seconds: (now - began) / 1000,
      rate,
      finished,
    };
    put(moment, id, drawn > -Infinity);
    [drawn, drawnDone] = [now, done];
  }

  function report(event: LineEvent): void {
    signal?.throwIfAborted();
    const now = performance.now();
    if (event.done < last.done) [counted, firstDone, drawnDone] = [now, event.done, event.done]; // a new phase
    last = event;
    const goal = event.total ?? total;
    finished = goal !== undefined && event.done >= goal;
    const moved = goal === undefined || event.done - drawnDone >= MIN_SHARE * goal;
    const waited = now - drawn;
    if (finished || (waited >= MIN_INTERVAL && moved) || waited >= PATIENCE) draw(now);
  }

  function finish(note?: string): void {
    if (finished) return;
    finished = true;
    last = { ...last, note: note ?? last.note };
    draw(performance.now());
  }

  return Object.assign(report, { finish });
}

function put(moment: Moment, id: string, update: boolean): void {
  const text = line(moment);
  if (inNotebook()) show({ "text/html": html(moment), "text/plain": text }, { id, update });
  else if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}${moment.finished ? "\n" : ""}`);
  else if (moment.finished) process.stderr.write(`${text}\n`);
}

function line({ label, done, total, note, seconds, rate, finished }: Moment): string {
  const count = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`;
  const parts = [count];
  if (finished) parts.push(formatSeconds(seconds));
  if (rate > 0)
    parts.push(rate >= 1 ? `${formatNumber(rate, 3)} a second` : `${formatSeconds(1 / rate)} each`);
  if (!finished && rate > 0 && total !== undefined)
    parts.push(`${formatSeconds((total - done) / rate)} left`);
  if (note) parts.push(note);
  return `${finished ? "✓ " : ""}${label}: ${parts.join(", ")}`;
}

function html(moment: Moment): string {
  const text = escapeHtml(line(moment));
  if (moment.finished) return `<div>${text}</div>`;
  const { done, total } = moment;
  const value = total === undefined ? "" : ` max="${total}" value="${Math.min(done, total)}"`;
  return `<div><progress${value} aria-label="${escapeHtml(moment.label)}"></progress> ${text}</div>`;
}
