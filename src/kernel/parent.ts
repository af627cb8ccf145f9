const INTERVAL = 2000;

/** Ends the kernel when the Jupyter server that started it is gone, however and however early that one ended. */
export function watchParent(): void {
  const { JPY_PARENT_PID: server } = process.env;
  if (server === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent || !isRunning(Number(server))) process.kill(process.pid, "SIGKILL");
  }, INTERVAL);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
