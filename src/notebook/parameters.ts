import { describe, ArgumentError, unknownName } from "../core/errors.js";
import { show } from "./display.js";
import { environment } from "./environment.js";
import { formatNumber } from "./format.js";
import { gridBundle } from "./grid.js";
import { saveRun, session } from "./session.js";
import type { Parameters, ParameterValue } from "./session.js";

/** The parameters of a notebook in its two sizes. */
export interface Profiles<T extends Parameters> {
  readonly quick: T;
  readonly full: T;
}

/**
 * The notebook's parameters: those of the run's profile (SCOREBOOK_PROFILE), with single values replaced from
 * SCOREBOOK_PARAMS. A `seed` is added, 0 unless the profiles say otherwise. Shows the result in one table.
 * @throws ArgumentError where the profiles' keys or types differ, or a replaced key or its type is not theirs
 */
export function parameters<T extends Parameters>(profiles: Profiles<T>): Readonly<T & { seed: number }> {
  const { profile, params } = environment();
  const quick: Parameters = { seed: 0, ...checkValues("quick", profiles.quick) };
  const full: Parameters = { seed: 0, ...checkValues("full", profiles.full) };
  checkAlike("full", full, quick);
  checkAlike("quick", quick, full);
  const chosen = { ...(profile === "full" ? full : quick) };
  const replaced = parse(params);
  for (const [key, value] of Object.entries(replaced)) chosen[key] = replacement(key, value, chosen);
  checkSeed(chosen.seed);
  const run = session();
  run.params = chosen;
  saveRun(run);
  echo(chosen, replaced, profile);
  return Object.freeze(chosen) as Readonly<T & { seed: number }>;
}

function checkValues(profile: string, values: Parameters): Parameters {
  if (typeof values !== "object" || values === null)
    throw new ArgumentError(profile, values, "an object of parameters");
  for (const [key, value] of Object.entries(values)) {
    if (kind(value) === undefined)
      throw new ArgumentError(
        `${profile}.${key}`,
        value,
        "a number, text, true, false, or a list of numbers or texts",
      );
  }
  return values;
}

function checkAlike(name: string, these: Parameters, those: Parameters): void {
  for (const [key, value] of Object.entries(these)) {
    if (!(key in those)) throw unknownName(`${name}.${key}`, key, Object.keys(those));
    if (!sameKind(value, those[key]))
      throw new ArgumentError(
        `${name}.${key}`,
        value,
        `the type of the other profile's ${describe(those[key])}`,
      );
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ArgumentError("SCOREBOOK_PARAMS", text, "a JSON object");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ArgumentError("SCOREBOOK_PARAMS", text, "a JSON object");
  return value as Record<string, unknown>;
}

function replacement(key: string, value: unknown, known: Parameters): ParameterValue {
  const argument = `SCOREBOOK_PARAMS.${key}`;
  if (!Object.hasOwn(known, key)) throw unknownName(argument, key, Object.keys(known));
  if (!sameKind(value, known[key]))
    throw new ArgumentError(argument, value, `the type of ${describe(known[key])}`);
  return value as ParameterValue;
}

function checkSeed(seed: unknown): void {
  if (!Number.isSafeInteger(seed) || (seed as number) < 0)
    throw new ArgumentError("seed", seed, "a whole number of at least 0");
}

function sameKind(a: unknown, b: unknown): boolean {
  const [left, right] = [kind(a), kind(b)];
  return left === right || (left === "empty list" && !!right?.endsWith("list"));
}

function kind(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? "number" : undefined;
  if (typeof value === "string" || typeof value === "boolean") return typeof value;
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return "empty list";
  const kinds = new Set(value.map((entry) => (Array.isArray(entry) ? "list" : kind(entry))));
  return kinds.size === 1 && (kinds.has("number") || kinds.has("string"))
    ? `${[...kinds][0]} list`
    : undefined;
}

function echo(chosen: Parameters, replaced: object, profile: string): void {
  const rows = Object.entries(chosen).map(([key, value]) => [
    { text: key },
    { text: Array.isArray(value) ? value.map(format).join(", ") : format(value as number) },
    { text: Object.hasOwn(replaced, key) ? "set for this run" : profile },
  ]);
  show(gridBundle({ columns: ["parameter", "value", "from"], rows }));
}

function format(value: number | string | boolean): string {
  return typeof value === "number" ? formatNumber(value, 12) : String(value);
}
