const INTERVAL = 20;
const LIMIT = 65_536;

interface Burst {
  readonly run: number;
  readonly name: "stdout" | "stderr";
  text: string;
}

/** Gathers what a cell prints: a burst of writes goes out as one message. */
export class Streams {
  readonly #send: (run: number, name: string, text: string) => void;
  #burst: Burst | undefined;

  constructor(send: (run: number, name: string, text: string) => void) {
    this.#send = send;
  }

  write(run: number, name: "stdout" | "stderr", text: string): void {
    const open = this.#burst;
    if (open && open.run === run && open.name === name && open.text.length < LIMIT) {
      open.text += text;
      return;
    }
    this.flush();
    this.#burst = { run, name, text };
    setTimeout(() => this.flush(), INTERVAL);
  }

  /** Sends what is gathered; called before any other message, so that order is kept. */
  flush(): void {
    const burst = this.#burst;
    this.#burst = undefined;
    if (burst) this.#send(burst.run, burst.name, burst.text);
  }
}
