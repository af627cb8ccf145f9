/** Whether a pattern names the whole of a text: `*` stands for any text, also for none, every other character for itself. */
export function matchesPattern(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "s").test(text);
}
