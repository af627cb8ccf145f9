import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const PLACES = [
  process.env.SCOREBOOK_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The browser of this machine, if it has one. */
export const executable: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));

/** Whether the tests in the browser are to be left out; where it is required, they fail instead. */
export const isMissing: boolean =
  executable === undefined && !["1", "true"].includes(process.env.SCOREBOOK_REQUIRE_BROWSER ?? "");

/** Without the browser's own calls home, which a closed network refuses many at a time. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

export function launch(): Promise<Browser> {
  if (executable === undefined) throw new Error("no Chromium was found: set SCOREBOOK_CHROMIUM to its path");
  return chromium.launch({ executablePath: executable, args: QUIET, timeout: 120_000 });
}
