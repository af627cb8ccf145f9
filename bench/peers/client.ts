import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A function of a file in bench/peers, which prepares the work and returns what is to be timed. */
export interface PeerCall {
  /** Name of the file, without ".py". */
  readonly module: string;
  readonly name: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly error?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}

const SERVER = fileURLToPath(new URL("./server.py", import.meta.url));
/** Tuning of OpenBLAS for some other processor would slow the peer down: its own detection is the fair choice. */
const UNSET = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

/** One Python process that answers each line of JSON with another; times are taken inside it. */
export class Peers {
  /** Versions of Python and of the packages used so far. */
  versions: Readonly<Record<string, string>> = {};
  private readonly child: ChildProcessWithoutNullStreams | undefined;
  private readonly waiting: ((line: string) => void)[] = [];
  private prepared = 0;

  /** @param python a Python with the peers' packages; without one every peer is missing */
  constructor(python: string | undefined) {
    if (python === undefined || python === "") return;
    const env = { ...process.env };
    const unset = UNSET.filter((name) => name in env);
    for (const name of unset) delete env[name];
    if (unset.length > 0) process.stderr.write(`peers run without ${unset.join(" and ")}\n`);
    this.child = spawn(python, [SERVER], { env, stdio: "pipe" });
    this.child.stderr.pipe(process.stderr);
    this.child.once("error", (error) => this.lose(error.message));
    this.child.once("exit", () => this.lose("the peer's process has ended"));
    createInterface(this.child.stdout).on("line", (line) => this.waiting.shift()?.(line));
  }

  /** Let the peer prepare its work. @returns a run that gives its seconds, or undefined where the peer cannot be had */
  async prepare(peer: string, call: PeerCall): Promise<(() => Promise<number>) | undefined> {
    const id = this.prepared++;
    const { error, versions } = await this.ask({ prepare: id, ...call });
    if (error !== undefined) {
      process.stderr.write(`${peer}: ${error}\n`);
      return undefined;
    }
    this.versions = { ...this.versions, ...versions };
    return async () => {
      const answer = await this.ask({ run: id });
      if (answer.seconds === undefined) throw new Error(`${peer}: ${answer.error}`);
      return answer.seconds;
    };
  }

  close(): void {
    this.child?.stdin.end();
  }

  private ask(question: object): Promise<Answer> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null) {
      return Promise.resolve({ error: "not measured (--peers, with SCOREBOOK_PEER_PYTHON naming a Python)" });
    }
    return new Promise((resolve) => {
      this.waiting.push((line) => resolve(JSON.parse(line) as Answer));
      child.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  private lose(reason: string): void {
    for (const answer of this.waiting.splice(0)) answer(JSON.stringify({ error: reason }));
  }
}
