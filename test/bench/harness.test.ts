import { afterEach, describe, expect, it, vi } from "vitest";
import { bench, type BenchResult } from "../../bench/harness.js";

const PYTHON = process.platform === "win32" ? "python" : "python3";
const argv = process.argv;
afterEach(() => {
  process.argv = argv;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a run with these flags prints. */
async function printed(flags: string[], python: string, rows: Parameters<typeof bench>[0]): Promise<string> {
  process.argv = [...argv.slice(0, 2), ...flags];
  vi.stubEnv("SCOREBOOK_PEER_PYTHON", python);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => ((text += String(chunk)), true));
  await bench(rows);
  return text;
}

const spin = (): void => {
  const end = performance.now() + 2;
  while (performance.now() < end);
};
// a Mock of Python's own library does nothing when it is called
const nothing = { module: "unittest.mock", name: "Mock" };
const rows = [
  {
    id: "x/spin",
    work: "two milliseconds",
    ours: spin,
    peers: { quick: nothing, missing: { module: "no_such_package", name: "f" } },
    units: { count: 2e6, name: "turns" },
  },
  { id: "x/alone", work: "nothing", ours: () => Promise.resolve() },
];

interface Document {
  machine: Record<string, unknown>;
  rows: BenchResult[];
}

describe("bench", () => {
  it("prints the document with times in seconds, ratios of peer to ours, and null for what cannot be had", async () => {
    const { machine, rows: results } = JSON.parse(
      await printed(["--json", "--peers"], PYTHON, rows),
    ) as Document;
    expect(machine).toMatchObject({ node: process.version, peers: { python: expect.any(String) as string } });
    const [spinning, alone] = results;
    expect(Object.keys(spinning)).toEqual(["id", "work", "ours", "peers", "ratio"]);
    expect(spinning.ours).toBeGreaterThanOrEqual(0.002);
    expect(spinning.peers.missing).toBeNull();
    expect(spinning.ratio.missing).toBeNull();
    expect(spinning.peers.quick).toBeGreaterThan(0);
    expect(spinning.ratio.quick).toBeCloseTo((spinning.peers.quick as number) / spinning.ours, 12);
    expect(alone).toMatchObject({ id: "x/alone", peers: {}, ratio: {} });
  });

  it.each([
    [["--json"], PYTHON],
    [["--json", "--peers"], ""],
    [["--json", "--peers"], "no-such-python"],
  ])("has no peers with %j and the Python %j", async (flags, python) => {
    const { rows: results } = JSON.parse(await printed(flags, python, rows)) as Document;
    expect(results[0].peers).toEqual({ quick: null, missing: null });
  });

  it("prints a line for people otherwise", async () => {
    const text = await printed([], "", rows);
    expect(text).toMatch(
      /^x\/spin: two milliseconds\n {2}ours [\d.]+ ms \([\d.e+]+ M turns\/s\); quick not at hand/,
    );
  });
});
