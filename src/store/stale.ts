import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Remove temporary files of `path` whose writer was killed before it could rename them. */
export async function removeStale(path: string): Promise<void> {
  const start = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith(".tmp")) continue;
    const writer = Number(name.slice(start.length).split(".")[0]);
    if (Number.isInteger(writer) && !isRunning(writer)) {
      await rm(join(dirname(path), name), { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
