import { describe, expect, it } from "vitest";
import { matchesPattern } from "../../src/core/index.js";

/** Ways to read a pattern, tried one after another. */
function named(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] !== "*") return pattern[0] === text[0] && named(pattern.slice(1), text.slice(1));
  return named(pattern.slice(1), text) || (text !== "" && named(pattern, text.slice(1)));
}

function words(letters: string, most: number): string[] {
  const shorter = most === 0 ? [] : words(letters, most - 1);
  const last = most === 0 ? [""] : shorter.filter((word) => word.length === most - 1);
  return [...new Set([...shorter, ...last.flatMap((word) => [...letters].map((c) => word + c)), ""])];
}

describe("matchesPattern", () => {
  it("agrees with trying every reading of all short patterns", () => {
    const texts = words("a.", 4);
    for (const pattern of words("a.*", 4))
      for (const text of texts) expect(matchesPattern(pattern, text)).toBe(named(pattern, text));
  });

  it("takes * for any text, also for none, and everything else as it stands", () => {
    expect(matchesPattern("gl-*/hermite*", "gl-weak/hermite")).toBe(true);
    expect(matchesPattern("gl-*", "x/gl-weak")).toBe(false);
    expect(matchesPattern("*", "two\nlines")).toBe(true);
    const special = "^.+?${}()|[]\\";
    expect(matchesPattern(special, special)).toBe(true);
    expect(matchesPattern("a.c", "abc")).toBe(false);
  });
});
