import { EXIT, JSON_FLAG } from "../command.js";
import type { Command } from "../command.js";
import { examine } from "../doctor/examine.js";
import type { Finding } from "../doctor/finding.js";

export const doctor: Command = {
  name: "doctor",
  summary: "Says what is used and why: Node, Python, kernel, device, threads, GPU, and how to add CUDA.",
  flags: [JSON_FLAG],
  run: async ({ given }) => {
    const findings = await examine();
    const ok = findings.every((finding) => finding.ok);
    process.stdout.write(
      `${given.has("json") ? JSON.stringify({ ok, findings }, null, 2) : text(findings)}\n`,
    );
    return ok ? EXIT.ok : EXIT.failed;
  },
};

function text(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const indent = " ".repeat(width + 6);
  return findings
    .flatMap(({ name, value, ok, notes }) => [
      `${ok ? "ok" : "!!"}  ${name.padEnd(width)}  ${value}`,
      ...notes.map((note) => `${indent}${note}`),
    ])
    .join("\n");
}
