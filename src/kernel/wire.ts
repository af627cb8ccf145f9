import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The header of a Jupyter message. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A Jupyter message that came in. */
export interface Message {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A message's content: an object, or JSON text that goes out as it is. */
export type Content = object | string;

const DELIMITER = Buffer.from("<IDS|MSG>");
const REMEMBERED = 65_536;

/** Jupyter's wire format, version 5.3: signed messages of several frames. */
export class Wire {
  readonly #key: string;
  readonly #session = randomUUID();
  readonly #seen = new Set<string>();

  constructor(key: string) {
    this.#key = key;
  }

  /** The message in these frames; undefined where the signature is missing, wrong or used before, or the form is. */
  parse(frames: readonly Buffer[]): Message | undefined {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0 || frames.length < at + 6) return undefined;
    const parts = frames.slice(at + 2);
    if (!this.#genuine(frames[at + 1], parts)) return undefined;
    try {
      const header = JSON.parse(parts[0].toString()) as Header;
      const content = JSON.parse(parts[3].toString()) as Message["content"];
      if (typeof header.msg_type !== "string" || typeof content !== "object" || content === null)
        return undefined;
      return { identities: frames.slice(0, at), header, content };
    } catch {
      return undefined;
    }
  }

  /** The frames of a message that answers `parent`. */
  encode(
    prefix: readonly (Buffer | string)[],
    parent: Header | undefined,
    type: string,
    content: Content,
  ): (Buffer | string)[] {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.#session,
      username: "kernel",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const body = typeof content === "string" ? content : JSON.stringify(content);
    const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), "{}", body];
    return [...prefix, DELIMITER, this.#sign(parts), ...parts];
  }

  #sign(parts: readonly (Buffer | string)[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  /** Whether the signature is right and new. */
  #genuine(signature: Buffer, parts: readonly Buffer[]): boolean {
    if (this.#key === "") return true;
    const right = Buffer.from(this.#sign(parts));
    if (signature.length !== right.length || !timingSafeEqual(signature, right)) return false;
    const text = right.toString();
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value as string);
    return true;
  }
}
