const INTERVAL = 20;
const LIMIT = 65_536;
/** Characters that one cell may print: beyond, Jupyter's server drops what it likes and the page stalls. */
const MOST = 2_000_000;
const REMEMBERED = 1000;
const MILLION = 1e6;

interface Burst {
  readonly run: number;
  readonly name: "stdout" | "stderr";
  text: string;
}

/** Gathers what a cell prints: a burst of writes goes out as one message. A flood is cut, and said to be. */
export class Streams {
  readonly #send: (run: number, name: string, text: string) => void;
  /** Characters printed by each run. */
  readonly #printed = new Map<number, number>();
  #burst: Burst | undefined;

  constructor(send: (run: number, name: string, text: string) => void) {
    this.#send = send;
  }

  write(run: number, name: "stdout" | "stderr", text: string): void {
    const before = this.#printed.get(run) ?? 0;
    this.#count(run, before + text.length);
    if (before > MOST) return;
    const left = MOST - before;
    this.#gather(run, name, text.slice(0, left));
    if (text.length > left)
      this.#gather(run, "stderr", `\n… cut: a cell may print ${MOST / MILLION} million characters\n`);
  }

  /** The run has ended: says how much of its output was cut. */
  end(run: number): void {
    const cut = (this.#printed.get(run) ?? 0) - MOST;
    if (cut > 0) this.#gather(run, "stderr", `… ${(cut / MILLION).toFixed(1)} million more were not shown\n`);
    this.flush();
  }

  /** Sends what is gathered; called before any other message, so that order is kept. */
  flush(): void {
    const burst = this.#burst;
    this.#burst = undefined;
    if (burst) this.#send(burst.run, burst.name, burst.text);
  }

  #gather(run: number, name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    const open = this.#burst;
    if (open && open.run === run && open.name === name && open.text.length < LIMIT) {
      open.text += text;
      return;
    }
    this.flush();
    this.#burst = { run, name, text };
    setTimeout(() => this.flush(), INTERVAL);
  }

  #count(run: number, characters: number): void {
    this.#printed.set(run, characters);
    if (this.#printed.size > REMEMBERED) this.#printed.delete(this.#printed.keys().next().value as number);
  }
}
