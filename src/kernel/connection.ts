import { readFileSync } from "node:fs";

/** What Jupyter's connection file says: where to listen, and the key that signs messages. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Reads a connection file. @throws Error that names what is missing */
export function readConnection(path: string): Connection {
  const found = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const scheme = found.signature_scheme ?? "hmac-sha256";
  if (scheme !== "hmac-sha256") throw new Error(`${path}: signature_scheme is not hmac-sha256`);
  for (const name of ["transport", "ip", "key"])
    if (typeof found[name] !== "string") throw new Error(`${path}: ${name} is missing`);
  for (const channel of CHANNELS)
    if (typeof found[`${channel}_port`] !== "number") throw new Error(`${path}: ${channel}_port is missing`);
  return found as unknown as Connection;
}

/** The zeromq address of a channel. */
export function address(connection: Connection, channel: Channel): string {
  const { transport, ip } = connection;
  return `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${connection[`${channel}_port`]}`;
}
