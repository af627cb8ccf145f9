/** A program that cannot be compiled: the message names the operation and the caller's line. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  /** The operation or access that is refused. */
  readonly what: string;
  /** Where in the caller's code, as `file:line:column`; undefined where that cannot be found. */
  readonly at: string | undefined;

  constructor(what: string, advice: string, at: string | undefined) {
    super(`compile: ${what} cannot be compiled${at === undefined ? "" : ` (at ${at})`}: ${advice}`);
    this.what = what;
    this.at = at;
  }
}

/** @throws CompileError */
export function refuse(what: string, advice: string): never {
  throw new CompileError(what, advice, callerLine());
}

const ENGINE = new URL("..", import.meta.url);
const OWN = [ENGINE.href, ENGINE.pathname];
const LIBRARIES = /@tensorflow[\\/]|tfjs-[a-z]+[\\/]|node:internal|<anonymous>\)?$/;

/** The innermost line of the call stack that belongs neither to this engine nor to tfjs. */
function callerLine(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = limit;
  const foreign = (frame: string): boolean =>
    !LIBRARIES.test(frame) && !OWN.some((own) => frame.includes(own));
  const place = /\(?([^\s()]+:\d+:\d+)\)?$/;
  return frames.filter(foreign).map((frame) => place.exec(frame)?.[1]).find((at) => at !== undefined); // prettier-ignore
}
