const INTERVAL = 2000;

/** Ends the kernel when the Jupyter server that started it is gone, however that one ended. */
export function watchParent(): void {
  const parent = process.ppid;
  if (process.env.JPY_PARENT_PID === undefined || process.platform === "win32") return;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, INTERVAL);
}
