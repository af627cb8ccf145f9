import { setTimeout as sleep } from "node:timers/promises";
import type { ErrorContent, Order } from "./threads.js";
import type { Content, Header, Message } from "./wire.js";

/** How the queue reaches the rest of the server. */
export interface QueuePorts {
  readonly post: (order: Order) => void;
  readonly publish: (parent: Header, type: string, content: Content) => void;
  readonly reply: (message: Message, content: Content) => void;
  /** Sends the printed text of a run that is still gathered. */
  readonly endStreams: (run: number) => void;
}

interface Run {
  readonly message: Message;
  readonly run: number;
  readonly count: number;
}

/** Time for what was sent together with a failing cell to arrive. */
const STRAGGLERS = 30;
const REMEMBERED = 10_000;

/** The cells that wait, one at a time to the main thread. After a failure, what waited behind it is aborted. */
export class ExecuteQueue {
  readonly #ports: QueuePorts;
  readonly #waiting: Message[] = [];
  readonly #parents = new Map<number, Header>();
  #current: Run | undefined;
  #runs = 0;
  #count = 0;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
  }

  /** The request whose cell runs. */
  get running(): Message | undefined {
    return this.#current?.message;
  }

  /** The number of its run. */
  get run(): number | undefined {
    return this.#current?.run;
  }

  /** The header that a run's late output answers. */
  parentOf(run: number): Header | undefined {
    return this.#parents.get(run);
  }

  add(message: Message): void {
    this.#waiting.push(message);
    this.#next();
  }

  #next(): void {
    const message = this.#current ? undefined : this.#waiting.shift();
    if (!message) return;
    const code = typeof message.content.code === "string" ? message.content.code : "";
    const silent = message.content.silent === true;
    if (!silent && message.content.store_history !== false) this.#count++;
    const run = ++this.#runs;
    this.#current = { message, run, count: this.#count };
    this.#remember(run, message.header);
    this.#ports.publish(message.header, "status", { execution_state: "busy" });
    if (!silent) this.#ports.publish(message.header, "execute_input", { code, execution_count: this.#count });
    this.#ports.post({ type: "execute", run, code, count: this.#count, silent });
  }

  /** The main thread has ended a run. */
  async done(run: number, error: ErrorContent | undefined): Promise<void> {
    const current = this.#current;
    if (current?.run !== run) return;
    this.#ports.endStreams(run);
    const { message, count } = current;
    if (error) {
      if (message.content.silent !== true) this.#ports.publish(message.header, "error", error);
      if (message.content.stop_on_error !== false) {
        await sleep(STRAGGLERS);
        this.#abortWaiting(count, error.ename === "KeyboardInterrupt" ? "was interrupted" : "failed");
      }
    }
    this.#ports.reply(message, {
      ...(error ? { status: "error", ...error } : { status: "ok" }),
      execution_count: count,
      payload: [],
      user_expressions: {},
    });
    this.#ports.publish(message.header, "status", { execution_state: "idle" });
    this.#current = undefined;
    this.#next();
  }

  #abortWaiting(count: number, why: string): void {
    for (const message of this.#waiting.splice(0)) {
      this.#ports.publish(message.header, "status", { execution_state: "busy" });
      const text = `not run: cell ${count} before it ${why}\n`;
      if (message.content.silent !== true)
        this.#ports.publish(message.header, "stream", { name: "stderr", text });
      this.#ports.reply(message, { status: "aborted" });
      this.#ports.publish(message.header, "status", { execution_state: "idle" });
    }
  }

  #remember(run: number, header: Header): void {
    this.#parents.set(run, header);
    this.#parents.delete(run - REMEMBERED);
  }
}
