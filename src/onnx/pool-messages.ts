/** A task as it travels to a worker. */
export interface TaskMessage {
  readonly module: string;
  readonly name: string;
  readonly args: unknown;
}

/** An error in a form that survives the way between threads: structured clone forgets the names of error classes. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly argument: string | undefined;
}

/** What a worker answers. */
export type ResultMessage =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorMessage };

/** Take an error (or whatever was thrown) apart. */
export function packError(thrown: unknown): ErrorMessage {
  if (!(thrown instanceof Error)) {
    return { name: "Error", message: String(thrown), stack: undefined, argument: undefined };
  }
  const { name, message, stack } = thrown;
  const argument = (thrown as { argument?: unknown }).argument;
  return { name, message, stack, argument: typeof argument === "string" ? argument : undefined };
}

/** Put an error together again, with its name, message, stack and the argument it is about. */
export function unpackError({ name, message, stack, argument }: ErrorMessage): Error {
  const error = new Error(message);
  Object.defineProperty(error, "name", { value: name, configurable: true });
  if (stack !== undefined) error.stack = stack;
  return argument === undefined ? error : Object.assign(error, { argument });
}
