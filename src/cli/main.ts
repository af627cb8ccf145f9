import { ArgumentError, unknownName } from "../core/errors.js";
import { DeviceError } from "../engine/index.js";
import { EXIT } from "./command.js";
import type { Command } from "./command.js";
import { parseWords } from "./flags.js";
import { commandHelp, programHelp } from "./help.js";
import { clean } from "./commands/clean.js";
import { diff } from "./commands/diff.js";
import { doctor } from "./commands/doctor.js";
import { figures } from "./commands/figures.js";
import { kernel } from "./commands/kernel.js";
import { lab } from "./commands/lab.js";
import { newNotebook } from "./commands/new.js";
import { reproduce } from "./commands/reproduce.js";
import { run } from "./commands/run.js";
import { version } from "./machine.js";

const commands: readonly Command[] = [run, reproduce, diff, lab, newNotebook, figures, doctor, kernel, clean];

/**
 * Runs a command line of `scorebook`.
 * @param words what stands after the program's name
 * @returns the exit code
 */
export async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") return helpFor(rest[0]);
    if (name === "--version") return say(version());
    const command = find(name);
    if (isHelp(rest)) return say(commandHelp(command));
    return await command.run(parseWords(command, rest));
  } catch (error) {
    if (!(error instanceof ArgumentError || error instanceof DeviceError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.refused;
  }
}

function helpFor(name: string | undefined): number {
  return say(name === undefined || name.startsWith("-") ? programHelp(commands) : commandHelp(find(name)));
}

function isHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === "--help" || word === "-h");
}

function find(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command) return command;
  throw unknownName(
    "command",
    name,
    commands.map((one) => one.name),
  );
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXIT.ok;
}
