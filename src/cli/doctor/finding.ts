/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  readonly value: string;
  /** False where something needed is missing. */
  readonly ok: boolean;
  /** Why, and what to do. */
  readonly notes: readonly string[];
}

export function finding(name: string, value: string, ok = true, ...notes: readonly string[]): Finding {
  return { name, value, ok, notes };
}
