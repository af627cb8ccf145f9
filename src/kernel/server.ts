import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Publisher, Reply, Router } from "zeromq";
import { address, readConnection } from "./connection.js";
import { ExecuteQueue } from "./execute-queue.js";
import { Interrupter } from "./interrupter.js";
import { kernelInfo } from "./kernel-info.js";
import { Outbox } from "./outbox.js";
import { watchParent } from "./parent.js";
import { Streams } from "./streams.js";
import type { Order, Report, ServerData } from "./threads.js";
import { Wire } from "./wire.js";
import type { Content, Header, Message } from "./wire.js";

const CALLS = {
  complete_request: "complete",
  inspect_request: "inspect",
  is_complete_request: "isComplete",
} as const;
const LAST_WORDS = 100;
const GRACE = 1000;

/** The thread that owns the sockets: it stays quick to answer while the main thread runs a cell. */
class Server {
  readonly #connection;
  readonly #wire: Wire;
  readonly #interrupter: Interrupter;
  readonly #queue: ExecuteQueue;
  readonly #streams = new Streams((run, name, text) => this.#publishFrom(run, "stream", { name, text }));
  readonly #sockets = { shell: new Router(), control: new Router(), stdin: new Router() };
  readonly #iopub = new Publisher();
  readonly #heartbeat = new Reply();
  readonly #out = {
    shell: new Outbox(this.#sockets.shell),
    control: new Outbox(this.#sockets.control),
    iopub: new Outbox(this.#iopub),
  };
  readonly #calls = new Map<number, { readonly message: Message; readonly reply: string }>();
  #lastCall = 0;

  constructor({ configPath, state }: ServerData) {
    this.#connection = readConnection(configPath);
    this.#wire = new Wire(this.#connection.key);
    this.#interrupter = new Interrupter(new Int32Array(state), post);
    this.#queue = new ExecuteQueue({
      post,
      publish: (parent, type, content) => this.#publish(parent, type, content),
      reply: (message, content) => this.#reply("shell", message, "execute_reply", content),
      endStreams: (run) => this.#streams.end(run),
    });
  }

  async start(): Promise<void> {
    const { shell, control, stdin } = this.#sockets;
    await Promise.all([
      shell.bind(address(this.#connection, "shell")),
      control.bind(address(this.#connection, "control")),
      stdin.bind(address(this.#connection, "stdin")),
      this.#iopub.bind(address(this.#connection, "iopub")),
      this.#heartbeat.bind(address(this.#connection, "hb")),
    ]);
    void this.#listen("shell");
    void this.#listen("control");
    void this.#beat();
    void this.#ignore();
    this.#publish(undefined, "status", { execution_state: "starting" });
  }

  /** Takes what the main thread reports. */
  report(report: Report): void {
    switch (report.type) {
      case "stream":
        return this.#streams.write(report.run, report.name, report.text);
      case "publish":
        return this.#publishFrom(report.run, report.message, report.content);
      case "done":
        return void this.#queue.done(report.run, report.error);
      case "answer":
        return this.#answer(report.call, report.content);
    }
  }

  async #listen(channel: "shell" | "control"): Promise<void> {
    for await (const frames of this.#sockets[channel]) {
      const message = this.#wire.parse(frames);
      if (message) this.#handle(channel, message);
    }
  }

  async #beat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  /** Nothing is asked on stdin, so nothing is heard there; unread messages would pile up. */
  async #ignore(): Promise<void> {
    for await (const frames of this.#sockets.stdin) this.#wire.parse(frames);
  }

  #handle(channel: "shell" | "control", message: Message): void {
    const type = message.header.msg_type;
    if (type === "execute_request") return this.#queue.add(message);
    if (type in CALLS) return this.#call(message, CALLS[type as keyof typeof CALLS]);
    const content = this.#ownAnswer(message);
    if (content === undefined) return;
    this.#busy(message, () => this.#reply(channel, message, type.replace("_request", "_reply"), content));
    if (type === "interrupt_request") void this.#interrupter.interrupt(this.#queue.run);
    if (type === "shutdown_request") void this.#shutdown();
  }

  /** Answers that need no TypeScript. Other messages (comms, input) get none. */
  #ownAnswer({ header, content }: Message): object | undefined {
    switch (header.msg_type) {
      case "kernel_info_request":
        return kernelInfo();
      case "history_request":
        return { status: "ok", history: [] };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "interrupt_request":
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content.restart === true };
      default:
        return undefined;
    }
  }

  #call(message: Message, type: "complete" | "inspect" | "isComplete"): void {
    const { code, cursor_pos } = message.content;
    if (typeof code !== "string") return;
    const call = ++this.#lastCall;
    this.#calls.set(call, { message, reply: message.header.msg_type.replace("_request", "_reply") });
    this.#publish(message.header, "status", { execution_state: "busy" });
    post({ type, call, code, cursor: typeof cursor_pos === "number" ? cursor_pos : code.length });
  }

  #answer(call: number, content: object): void {
    const waiting = this.#calls.get(call);
    if (!waiting) return;
    this.#calls.delete(call);
    this.#reply("shell", waiting.message, waiting.reply, content);
    this.#idle(waiting.message);
  }

  #busy(message: Message, work: () => void): void {
    this.#publish(message.header, "status", { execution_state: "busy" });
    work();
    this.#idle(message);
  }

  /** A completion that ends must not make a running cell look idle. */
  #idle(message: Message): void {
    this.#publish(message.header, "status", { execution_state: "idle" });
    const running = this.#queue.running?.header;
    if (running) this.#publish(running, "status", { execution_state: "busy" });
  }

  #reply(channel: "shell" | "control", message: Message, type: string, content: Content): void {
    this.#streams.flush();
    this.#out[channel].send(this.#wire.encode(message.identities, message.header, type, content));
  }

  #publish(parent: Header | undefined, type: string, content: Content): void {
    if (type !== "stream") this.#streams.flush();
    this.#out.iopub.send(this.#wire.encode([`kernel.${type}`], parent, type, content));
  }

  #publishFrom(run: number, type: string, content: Content): void {
    const parent = this.#queue.parentOf(run);
    if (parent) this.#publish(parent, type, content);
  }

  /** Ends the process; by force where the main thread does not go. */
  async #shutdown(): Promise<void> {
    await Promise.all(Object.values(this.#out).map((outbox) => outbox.flushed()));
    await sleep(LAST_WORDS); // zeromq sends in the background
    const { shell, control, stdin } = this.#sockets;
    for (const socket of [shell, control, stdin, this.#iopub, this.#heartbeat]) socket.close();
    this.#interrupter.close();
    post({ type: "shutdown" });
    await sleep(GRACE);
    process.kill(process.pid, "SIGKILL");
  }
}

function post(order: Order): void {
  parentPort?.postMessage(order);
}

const server = new Server(workerData as ServerData);
parentPort?.on("message", (report: Report) => server.report(report));
watchParent();
void server.start();
