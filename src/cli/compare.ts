import { canonicalJson } from "../store/index.js";
import type { CheckRecord, Parameters } from "../notebook/session.js";

/** What is compared of a notebook. */
export interface Compared {
  readonly notebook: string;
  readonly params: Parameters;
  readonly checks: readonly CheckRecord[];
  /** How its execution ended, where that is known. */
  readonly status?: string;
}

/**
 * How a check compares with the reference: its value lies in the interval it is held to or outside; the reference lacks
 * it (new), or the run does (missing).
 */
export type Agreement = "agrees" | "outside" | "new" | "missing";

/** One check of a comparison. */
export interface CheckDifference {
  readonly notebook: string;
  readonly id: string;
  readonly status: Agreement;
  /** The run's value; null where it is missing or not finite. */
  readonly value: number | null;
  readonly reference: number | null;
  /** The interval that the value is held to. */
  readonly low: number | null;
  readonly high: number | null;
  /** The interval is the reference's: the parameters are the same. With others the run is held to its own. */
  readonly sameParams: boolean;
}

/**
 * Compares the notebooks of a run with those of a reference by their checks. A value is held to the interval that the
 * reference states for it, so that a run with wider bounds does not agree by them; where a notebook's parameters differ,
 * to its own, and checks that one of the two lacks do not count.
 */
export function compare(run: readonly Compared[], reference: readonly Compared[]): CheckDifference[] {
  return run.flatMap((now) => {
    const then = reference.find(({ notebook }) => notebook === now.notebook);
    const sameParams = then !== undefined && sameValues(now.params, then.params);
    const missing = (then?.checks ?? []).filter(({ id }) => !now.checks.some((check) => check.id === id));
    return [
      ...now.checks.map((check) => found(now.notebook, check, then?.checks, sameParams)),
      ...(sameParams ? missing.map((check) => lost(now.notebook, check)) : []),
    ];
  });
}

/** Whether nothing lies outside its interval and nothing is missing. */
export function agree(differences: readonly CheckDifference[]): boolean {
  return differences.every(({ status }) => status === "agrees" || status === "new");
}

function found(
  notebook: string,
  check: CheckRecord,
  reference: readonly CheckRecord[] | undefined,
  sameParams: boolean,
): CheckDifference {
  const { id, value } = check;
  const then = reference?.find((one) => one.id === id);
  const { low, high } = sameParams && then !== undefined ? then : check;
  const inside = value !== null && (low === null || value >= low) && (high === null || value <= high);
  const status = !inside ? "outside" : then === undefined ? "new" : "agrees";
  return { notebook, id, status, value, reference: then?.value ?? null, low, high, sameParams };
}

function lost(notebook: string, { id, value, low, high }: CheckRecord): CheckDifference {
  return { notebook, id, status: "missing", value: null, reference: value, low, high, sameParams: true };
}

function sameValues(a: Parameters, b: Parameters): boolean {
  return canonicalJson(a, "params") === canonicalJson(b, "params");
}
