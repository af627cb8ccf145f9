import { describe, expect, it } from "vitest";
import { numberOf, parseWords } from "../../src/cli/flags.js";
import { commandHelp } from "../../src/cli/help.js";
import { run } from "../../src/cli/commands/run.js";
import { lab } from "../../src/cli/commands/lab.js";

const parse = (line: string) => parseWords(run, line.split(" ").filter(Boolean));

describe("words of a command line", () => {
  it("takes flags in both forms, switches and operands in any order", () => {
    const words = parse("02 --profile=full --jobs 2 --keep-going 03-mnist --timeout 1.5 --json");
    expect(words.operands).toEqual(["02", "03-mnist"]);
    expect(words.text).toEqual({ profile: "full", jobs: "2", timeout: "1.5" });
    expect([...words.given].sort()).toEqual(["jobs", "json", "keep-going", "profile", "timeout"]);
    expect(numberOf(words, "jobs", 1)).toBe(2);
    expect(numberOf(words, "timeout", undefined)).toBe(1.5);
    expect(numberOf(parse(""), "jobs", 1)).toBe(1);
  });

  it("takes everything after -- as operands", () => {
    expect(parse("--json -- --profile").operands).toEqual(["--profile"]);
  });

  it("lets the last of a repeated flag hold", () => {
    expect(parse("--jobs 2 --jobs 3").text.jobs).toBe("3");
  });

  it.each([
    ["--profle quick", /did you mean "--profile"\?/],
    ["--profile quik", /--profile: .*did you mean "quick"\?.*got "quik"/],
    ["--keepgoing", /did you mean "--keep-going"\?/],
    ["--jobs 0", /--jobs: expected a whole number of at least 1, got "0"/],
    ["--jobs 1.5", /--jobs/],
    ["--timeout -3", /--timeout: expected a number of seconds above 0/],
    ["--timeout soon", /--timeout/],
    ["--params [1]", /--params: expected a JSON object/],
    ["--params {seed:1}", /--params: expected a JSON object/],
    ["--json=yes", /--json: expected no value/],
    ["--junit", /--junit: expected FILE after it/],
    ["--junit --json", /--junit: expected FILE after it/],
    ["--out=", /--out: expected DIR/],
    ["-j 2", /scorebook run: expected one of/],
  ])("refuses %s", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it("refuses operands where a command has none", () => {
    expect(() => parseWords(lab, ["02"])).toThrow('lab: expected flags only, got "02"');
  });

  it("names every flag in the help, with its choices", () => {
    const help = commandHelp(run);
    for (const { name } of run.flags) expect(help).toContain(`--${name}`);
    expect(help).toContain("(quick, full)");
    expect(help).toMatch(/^Usage: scorebook run \[NOTEBOOK\.\.\.\] \[flags\]/);
  });
});
