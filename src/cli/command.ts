/** A flag of a command: the one place that parsing, help and refusals read. */
export interface Flag {
  readonly name: string;
  /** What stands after the flag; a flag without it is a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly kind?: "whole" | "seconds" | "json";
  readonly text: string;
}

/** The words of a command line, taken apart. */
export interface Words {
  readonly operands: readonly string[];
  /** Given flags by name without dashes. */
  readonly text: Readonly<Record<string, string>>;
  readonly given: ReadonlySet<string>;
}

/** A command of `scorebook`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What may stand after the command beside flags, as in "[NOTEBOOK...]". */
  readonly operands?: string;
  readonly flags: readonly Flag[];
  /** Further lines of its help. */
  readonly notes?: readonly string[];
  /** @returns the exit code */
  readonly run: (words: Words) => Promise<number>;
}

/** Exit codes: everything passed; something failed; the command line or an argument was refused; interrupted. */
export const EXIT = { ok: 0, failed: 1, refused: 2, interrupted: 130 } as const;

export const JSON_FLAG: Flag = {
  name: "json",
  text: "print one JSON document on stdout and nothing else there",
};
