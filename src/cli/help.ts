import type { Command, Flag } from "./command.js";

/** The help of one command, made of its table. */
export function commandHelp(command: Command): string {
  const { name, operands, summary, flags, notes = [] } = command;
  const usage = ["Usage: scorebook", name, operands, "[flags]"].filter(Boolean).join(" ");
  const rows: [string, string][] = flags.map((flag) => [flagUse(flag), flagText(flag)]);
  rows.push(["--help", "this text"]);
  return [usage, "", summary, "", "Flags:", ...columns(rows), ...notes.flatMap((note) => ["", note])].join(
    "\n",
  );
}

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const rows: [string, string][] = commands.map(({ name, operands = "", summary }) => [
    `${name} ${operands}`.trim(),
    summary,
  ]);
  return [
    "Usage: scorebook COMMAND [flags]",
    "",
    "Commands:",
    ...columns(rows),
    "",
    "scorebook COMMAND --help says more. NOTEBOOK is a path, a name or a number: 02, 2.",
    "Exit codes: 0 all passed, 1 something failed, 2 an argument was refused, 130 interrupted.",
  ].join("\n");
}

function flagUse({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function flagText({ choices, text }: Flag): string {
  return choices ? `${text} (${choices.join(", ")})` : text;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
