/** What a cell gets that wants to read from the keyboard. */
export class StandardInputError extends Error {
  override readonly name = "StandardInputError";

  constructor() {
    super("a cell has no standard input: put the value into a variable, or read it from a file");
  }
}

const READING = ["read", "resume", "pipe", "setRawMode", Symbol.asyncIterator] as const;
const EVENTS = ["data", "readable", "keypress"];
const LISTENING = ["on", "once", "addListener"] as const;

/** Makes every way to read from the keyboard fail at once, where the cell would wait for ever or get nothing. */
export function refuseStandardInput(): void {
  const input = process.stdin as unknown as Record<string | symbol, (...args: unknown[]) => unknown>;
  const refuse = (): never => {
    throw new StandardInputError();
  };
  for (const name of READING) input[name] = refuse;
  for (const name of LISTENING) {
    const listen = input[name].bind(input);
    input[name] = (event, ...rest) => (EVENTS.includes(event as string) ? refuse() : listen(event, ...rest));
  }
}
