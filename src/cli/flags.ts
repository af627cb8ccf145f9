import { ArgumentError, unknownName } from "../core/errors.js";
import type { Command, Flag, Words } from "./command.js";

/**
 * Takes the words after a command apart: `--flag value`, `--flag=value`, switches, operands, `--` before operands.
 * @throws ArgumentError for an unknown flag (with the nearest), a value that is missing, not wanted or not valid
 */
export function parseWords(command: Command, words: readonly string[]): Words {
  const operands: string[] = [];
  const text: Record<string, string> = {};
  const given = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--") {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const [name, joined] = halves(word);
    const flag = findFlag(command, name);
    given.add(flag.name);
    if (flag.value === undefined) refuseValue(name, joined);
    else text[flag.name] = checkValue(flag, joined ?? next(name, flag.value, words[++i]));
  }
  if (command.operands === undefined && operands.length > 0)
    throw new ArgumentError(command.name, operands[0], "flags only");
  return { operands, text, given };
}

/** The seconds or whole number of a flag, or what holds where it was not given. */
export function numberOf<T>(words: Words, flag: string, otherwise: T): number | T {
  return words.given.has(flag) ? Number(words.text[flag]) : otherwise;
}

function halves(word: string): [string, string | undefined] {
  const cut = word.indexOf("=");
  return cut < 0 ? [word, undefined] : [word.slice(0, cut), word.slice(cut + 1)];
}

function findFlag({ flags, name }: Command, word: string): Flag {
  const flag = flags.find((one) => `--${one.name}` === word);
  if (flag) return flag;
  throw unknownName(
    `scorebook ${name}`,
    word,
    [...flags.map((one) => one.name), "help"].map((known) => `--${known}`),
  );
}

function refuseValue(name: string, joined: string | undefined): void {
  if (joined !== undefined) throw new ArgumentError(name, joined, "no value");
}

function next(name: string, wanted: string, word: string | undefined): string {
  if (word === undefined || /^--[a-z]/.test(word)) throw new ArgumentError(name, word, `${wanted} after it`);
  return word;
}

function checkValue(flag: Flag, value: string): string {
  const name = `--${flag.name}`;
  if (flag.choices && !flag.choices.includes(value)) throw unknownName(name, value, flag.choices);
  if (flag.kind === "whole" && !/^[1-9]\d{0,5}$/.test(value))
    throw new ArgumentError(name, value, "a whole number of at least 1");
  if (flag.kind === "seconds" && !(Number(value) > 0 && Number.isFinite(Number(value))))
    throw new ArgumentError(name, value, "a number of seconds above 0");
  if (flag.kind === "json") checkObject(name, value);
  if (value === "") throw new ArgumentError(name, value, flag.value ?? "a value");
  return value;
}

function checkObject(name: string, text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ArgumentError(name, text, 'a JSON object such as {"seed": 1}');
}
