/**
 * Benchmarks: a script hands its rows to `bench`, which times ours and the peers in turn and prints a table, or with --json
 * the document { machine, rows: [{ id, work, ours, peers, ratio }] }, times in seconds, ratio = peer / ours.
 */
import { availableParallelism, cpus } from "node:os";
import { median } from "../src/metrics/median.js";
import { Peers, type PeerCall } from "./peers/client.js";

/** One piece of work, done by us and by peers. */
export interface BenchRow {
  /** "<benchmark>/<what>". */
  readonly id: string;
  /** What is done, with its sizes. */
  readonly work: string;
  /** Ours; what it returns is awaited inside the timing. */
  readonly ours: () => unknown;
  /** The same work in this process by other means, by their names. */
  readonly here?: Readonly<Record<string, () => unknown>>;
  /** The same work in Python, by the peer's name. */
  readonly peers?: Readonly<Record<string, PeerCall>>;
  /** How many units one run makes, to show a rate. */
  readonly units?: { readonly count: number; readonly name: string };
}

/** How a row came out, in seconds; a peer that cannot be had is null. */
export interface BenchResult {
  readonly id: string;
  readonly work: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number | null>>;
  readonly ratio: Readonly<Record<string, number | null>>;
}

const WARM_UPS = 2;
const MIN_ROUNDS = 5;
const MAX_ROUNDS = 25;
/** Rounds of a row go on for about this long. */
const ROW_SECONDS = 3;

/** Run the rows and print the results. */
export async function bench(rows: readonly BenchRow[]): Promise<void> {
  const flags = process.argv.slice(2);
  const peers = new Peers(flags.includes("--peers") ? process.env.SCOREBOOK_PEER_PYTHON : undefined);
  const results: BenchResult[] = [];
  try {
    for (const row of rows) {
      const result = await measure(row, peers);
      results.push(result);
      process.stderr.write(`${result.id}: ${milliseconds(result.ours)} ms\n`);
    }
  } finally {
    peers.close();
  }
  const document = { machine: { ...machine(), peers: peers.versions }, rows: results };
  process.stdout.write(
    flags.includes("--json") ? `${JSON.stringify(document, null, 2)}\n` : table(rows, document.rows),
  );
}

/**
 * Ours and every peer once a round, so that all meet the same neighbours on the machine. Every other round goes backwards:
 * threads of a peer may go on spinning for a while, and whoever follows would pay for them.
 */
async function measure(row: BenchRow, peers: Peers): Promise<BenchResult> {
  const runs: Record<string, () => Promise<number>> = { ours: () => seconds(row.ours) };
  for (const [name, work] of Object.entries(row.here ?? {})) runs[name] = () => seconds(work);
  for (const [name, call] of Object.entries(row.peers ?? {})) {
    const run = await peers.prepare(name, call);
    if (run !== undefined) runs[name] = run;
  }
  const times: Record<string, number[]> = {};
  const start = performance.now();
  for (let round = -WARM_UPS; round < MAX_ROUNDS; round++) {
    const order = round % 2 === 0 ? Object.entries(runs) : Object.entries(runs).reverse();
    for (const [name, run] of order) (times[name] ??= []).push(await run());
    if (round + 1 >= MIN_ROUNDS && performance.now() - start > 1000 * ROW_SECONDS) break;
  }
  const timeOf = (name: string): number | null =>
    name in times ? median(times[name].slice(WARM_UPS)) : null;
  const ours = timeOf("ours") as number;
  const names = Object.keys({ ...row.here, ...row.peers });
  const peerTimes = Object.fromEntries(names.map((name) => [name, timeOf(name)]));
  const ratio = Object.fromEntries(names.map((name) => [name, divide(peerTimes[name], ours)]));
  return { id: row.id, work: row.work, ours, peers: peerTimes, ratio };
}

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function divide(peer: number | null, ours: number): number | null {
  return peer === null ? null : peer / ours;
}

function machine(): Record<string, string | number> {
  return { cpu: cpus()[0]?.model ?? "unknown", cores: availableParallelism(), node: process.version };
}

function table(rows: readonly BenchRow[], results: readonly BenchResult[]): string {
  const lines = results.map(({ id, work, ours, peers, ratio }, i) => {
    const { units } = rows[i];
    const rate =
      units === undefined ? "" : ` (${(units.count / ours / 1e6).toPrecision(3)} M ${units.name}/s)`;
    const theirs = Object.entries(peers).map(([name, time]) => {
      const factor = ratio[name];
      return time === null || factor === null
        ? `${name} not at hand`
        : `${name} ${milliseconds(time)} ms, ${factor.toFixed(2)} x ours`;
    });
    return `${id}: ${work}\n  ours ${milliseconds(ours)} ms${rate}${theirs.map((text) => `; ${text}`).join("")}\n`;
  });
  return lines.join("");
}

function milliseconds(time: number): string {
  return (1000 * time).toPrecision(4);
}
