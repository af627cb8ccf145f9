import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request, Subscriber } from "zeromq";
import { freePort } from "../free-port.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DELIMITER = "<IDS|MSG>";

/** A message as the client sees it. */
export interface Reply {
  readonly type: string;
  readonly parent: string | undefined;
  readonly content: Record<string, unknown>;
}

/** A cell's run: the reply, and what was published for it up to its idle status. */
export interface Run {
  readonly reply: Reply;
  readonly published: readonly Reply[];
}

/** What is started, and where. */
export interface KernelOptions {
  /** `notebooks/` unless told. */
  readonly cwd?: string;
  /** Node's arguments; ours unless told. */
  readonly command?: readonly string[];
}

const OURS = ["--no-force-async-hooks-checks", join(root, "dist/kernel/main.js")];
export const STOCK_TSLAB: readonly string[] = [join(root, "node_modules/tslab/bin/tslab"), "kernel"];

/** A kernel process and the sockets that talk to it, as Jupyter would. */
export class KernelClient {
  readonly process: ChildProcess;
  readonly iopub: Reply[] = [];
  readonly stderr: string[] = [];
  readonly #folder: string;
  readonly #key: string;
  readonly #ports: Record<string, number>;
  readonly #shell = new Dealer();
  readonly #control = new Dealer();
  readonly #stdin = new Dealer();
  readonly #subscriber = new Subscriber();
  readonly #replies: Reply[] = [];
  #waiting: (() => void)[] = [];
  /** A socket takes one message after the other. */
  #sent: Promise<void> = Promise.resolve();

  private constructor(folder: string, key: string, ports: Record<string, number>, options: KernelOptions) {
    [this.#folder, this.#key, this.#ports] = [folder, key, ports];
    const { cwd = join(root, "notebooks"), command = OURS } = options;
    const args = [...command, `--config-path=${join(folder, "connection.json")}`];
    this.process = spawn(process.execPath, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, SCOREBOOK_OUT: join(folder, "out") },
    });
    this.process.stderr?.on("data", (data: Buffer) => this.stderr.push(data.toString()));
  }

  /** The port of a socket, as in the connection file. */
  port(channel: "shell" | "iopub" | "stdin" | "control" | "hb"): number {
    return this.#ports[`${channel}_port`];
  }

  /** Where the kernel's notebooks write. */
  get out(): string {
    return join(this.#folder, "out");
  }

  /** Starts a kernel and waits until it answers. */
  static async start(options: KernelOptions = {}): Promise<KernelClient> {
    const folder = mkdtempSync(join(tmpdir(), "scorebook-kernel-"));
    const key = randomUUID();
    const ports: Record<string, number> = {};
    for (const name of ["shell", "iopub", "stdin", "control", "hb"]) ports[`${name}_port`] = await freePort();
    const connection = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...ports };
    writeFileSync(join(folder, "connection.json"), JSON.stringify(connection));
    const client = new KernelClient(folder, key, ports, options);
    await client.#connect();
    return client;
  }

  /** Runs a cell to the end. */
  async run(code: string, options: Record<string, unknown> = {}): Promise<Run> {
    return this.finished(this.send("execute_request", { ...EXECUTE, code, ...options }));
  }

  /** Waits for the reply and the idle status of a request. */
  async finished(id: string, seconds = 30): Promise<Run> {
    const reply = await this.reply(id, seconds);
    const idle = () => this.published(id).some(({ content }) => content.execution_state === "idle");
    await this.until(idle, seconds, `idle of ${id}`);
    return { reply, published: this.published(id) };
  }

  async reply(id: string, seconds = 30): Promise<Reply> {
    await this.until(() => this.#replies.some(({ parent }) => parent === id), seconds, `reply to ${id}`);
    return this.#replies.find(({ parent }) => parent === id) as Reply;
  }

  /** How many replies came to these requests. */
  replies(ids: readonly string[]): number {
    const asked = new Set(ids);
    return this.#replies.filter(({ parent }) => asked.has(parent ?? "")).length;
  }

  published(id: string): Reply[] {
    return this.iopub.filter(({ parent }) => parent === id);
  }

  /** Asks something that takes one reply. */
  async ask(type: string, content: object = {}, channel: "shell" | "control" = "shell"): Promise<Reply> {
    return this.reply(this.send(type, content, { channel }));
  }

  /** Sends a request; gives its id. */
  send(
    type: string,
    content: object,
    { channel = "shell", key = this.#key }: { channel?: "shell" | "control"; key?: string } = {},
  ): string {
    const id = randomUUID();
    this.sendRaw(this.frames(id, type, content, key), channel);
    return id;
  }

  frames(id: string, type: string, content: object, key = this.#key): string[] {
    const header = {
      msg_id: id,
      msg_type: type,
      session: "test",
      username: "test",
      date: "",
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    return [DELIMITER, hmac.digest("hex"), ...parts];
  }

  sendRaw(frames: (string | Buffer)[], channel: "shell" | "control" | "stdin" = "shell"): void {
    const socket = { shell: this.#shell, control: this.#control, stdin: this.#stdin }[channel];
    this.#sent = this.#sent.then(() => socket.send(frames));
  }

  interrupt(): string {
    return this.send("interrupt_request", {}, { channel: "control" });
  }

  async heartbeat(): Promise<string> {
    const socket = new Request({ receiveTimeout: 2000, linger: 0 });
    socket.connect(`tcp://127.0.0.1:${this.#ports.hb_port}`);
    await socket.send("ping");
    const [answer] = await socket.receive();
    socket.close();
    return answer.toString();
  }

  /** Waits until a condition holds, which each message can change. */
  async until(condition: () => boolean, seconds: number, what: string): Promise<void> {
    const limit = performance.now() + 1000 * seconds;
    while (!condition()) {
      const left = limit - performance.now();
      if (left <= 0) throw new Error(`no ${what} within ${seconds} s\n${this.stderr.join("")}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, Math.min(left, 200));
      });
    }
  }

  /** Processor time of the kernel so far, to 0.01 s; the time since some moment where there is no /proc. */
  processorSeconds(): number {
    if (process.platform !== "linux") return performance.now() / 1000;
    const stat = readFileSync(`/proc/${this.process.pid}/stat`, "utf8");
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return (user + system) / 100;
  }

  /** Ends the kernel as Jupyter does, and whatever is left of it by force. */
  async stop(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.send("shutdown_request", { restart: false }, { channel: "control" });
      const force = setTimeout(() => this.process.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(force);
    }
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#subscriber]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
    return this.process.exitCode;
  }

  async #connect(): Promise<void> {
    const identity = randomBytes(8).toString("hex");
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#subscriber]) socket.linger = 0;
    this.#subscriber.receiveHighWaterMark = 0;
    this.#shell.routingId = identity;
    this.#control.routingId = identity;
    this.#shell.connect(`tcp://127.0.0.1:${this.#ports.shell_port}`);
    this.#stdin.connect(`tcp://127.0.0.1:${this.#ports.stdin_port}`);
    this.#control.connect(`tcp://127.0.0.1:${this.#ports.control_port}`);
    this.#subscriber.connect(`tcp://127.0.0.1:${this.#ports.iopub_port}`);
    this.#subscriber.subscribe();
    void this.#collect(this.#shell, this.#replies);
    void this.#collect(this.#control, this.#replies);
    void this.#collect(this.#subscriber, this.iopub);
    // The subscription takes a moment: ask until the answer's idle status arrives as well.
    for (let i = 0; i < 100; i++) {
      const id = this.send("kernel_info_request", {});
      const heard = () => this.published(id).length > 0 && this.#replies.some(({ parent }) => parent === id);
      if (
        await this.until(heard, 0.5, "kernel").then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error(`the kernel does not answer\n${this.stderr.join("")}`);
  }

  async #collect(socket: Dealer | Subscriber, into: Reply[]): Promise<void> {
    for await (const frames of socket) {
      const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
      const [header, parent, , content] = frames
        .slice(at + 2)
        .map((frame) => JSON.parse(frame.toString()) as unknown);
      into.push({
        type: (header as { msg_type: string }).msg_type,
        parent: (parent as { msg_id?: string }).msg_id,
        content: content as Record<string, unknown>,
      });
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}

const EXECUTE = { silent: false, store_history: true, allow_stdin: false, stop_on_error: true };

/** What a run printed. */
export function printed({ published }: Pick<Run, "published">, name = "stdout"): string {
  const streams = published.filter(({ type, content }) => type === "stream" && content.name === name);
  return streams.map(({ content }) => content.text as string).join("");
}

/** The messages of a type that a run published. */
export function of({ published }: Pick<Run, "published">, type: string): Record<string, unknown>[] {
  return published.filter((message) => message.type === type).map(({ content }) => content);
}

export function traceback(run: Run): string {
  // eslint-disable-next-line no-control-regex -- colours
  return ((run.reply.content.traceback ?? []) as string[]).join("\n").replace(/\u001b\[\d+m/g, "");
}
