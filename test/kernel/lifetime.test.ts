import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { KernelClient, printed, traceback } from "./client.js";

const main = fileURLToPath(new URL("../../dist/kernel/main.js", import.meta.url));

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number, seconds: number): Promise<boolean> {
  for (let i = 0; i < 10 * seconds && alive(pid); i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return !alive(pid);
}

it("answers within three seconds of its start, and is ready to compile by then", async () => {
  const kernel = await KernelClient.start();
  await kernel.ask("is_complete_request", { code: "1" });
  // Of processor time: other programs may hold the machine.
  const seconds = kernel.processorSeconds();
  expect(process.platform === "linux" ? seconds : 0).toBeLessThan(3);
  expect((await kernel.run("1")).reply.content.status).toBe("ok");
  await kernel.stop();
}, 120_000);

it("knows Node's types also in a folder outside of the checkout", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "scorebook-elsewhere-"));
  const kernel = await KernelClient.start({ cwd });
  const run = await kernel.run(
    'import { sep } from "node:path";\nconsole.log(sep.length, process.cwd().length > 0);',
  );
  expect(run.reply.content, traceback(run)).toMatchObject({ status: "ok" });
  expect(printed(run)).toBe("1 true\n");
  await kernel.stop();
  rmSync(cwd, { recursive: true });
}, 120_000);

it("ends when it is told to, says so, and prints nothing", async () => {
  const kernel = await KernelClient.start();
  await kernel.run("setInterval(() => {}, 1000);");
  const reply = kernel.ask("shutdown_request", { restart: true }, "control");
  expect((await reply).content).toEqual({ status: "ok", restart: true });
  expect(await gone(kernel.process.pid as number, 5)).toBe(true);
  expect(kernel.process.exitCode).toBe(0);
  expect(kernel.stderr.join("")).toBe("");
  await kernel.stop();
}, 120_000);

it("ends when it is told to in the middle of an endless loop", async () => {
  const kernel = await KernelClient.start();
  const id = kernel.send("execute_request", { code: "while (true) {}" });
  await kernel.until(() => kernel.published(id).length > 1, 10, "start");
  await kernel.ask("shutdown_request", { restart: false }, "control");
  expect(await gone(kernel.process.pid as number, 5)).toBe(true);
  await kernel.stop();
}, 120_000);

it.skipIf(process.platform === "win32")(
  "ends when the Jupyter server that started it is killed",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "scorebook-kernel-"));
    const file = join(folder, "connection.json");
    const ports = { shell_port: 0, iopub_port: 0, stdin_port: 0, control_port: 0, hb_port: 0 };
    const connection = { transport: "ipc", ip: join(folder, "socket"), key: "k", ...ports };
    writeFileSync(
      file,
      JSON.stringify({
        ...connection,
        shell_port: 1,
        iopub_port: 2,
        stdin_port: 3,
        control_port: 4,
        hb_port: 5,
      }),
    );
    const start = `const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ${JSON.stringify([main, `--config-path=${file}`])}, { env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });
    console.log(child.pid); setInterval(() => {}, 1000);`;
    const server = spawn(process.execPath, ["-e", start], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = Number(
      await new Promise<string>((resolve) =>
        server.stdout.once("data", (data: Buffer) => resolve(String(data))),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(alive(pid)).toBe(true);
    server.kill("SIGKILL");
    expect(await gone(pid, 10)).toBe(true);
    rmSync(folder, { recursive: true });
  },
  30_000,
);

it("says how it is started when it is started without its file, or with a bad one", () => {
  const bare = spawnSync(process.execPath, [main], { encoding: "utf8" });
  expect(bare.status).toBe(2);
  expect(bare.stderr).toContain("--config-path=FILE");
  const folder = mkdtempSync(join(tmpdir(), "scorebook-kernel-"));
  const file = join(folder, "c.json");
  writeFileSync(file, '{"transport":"tcp","ip":"127.0.0.1"}');
  const bad = spawnSync(process.execPath, [main, `--config-path=${file}`], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(bad.status).toBe(1);
  expect(bad.stderr).toContain("key is missing");
  rmSync(folder, { recursive: true });
}, 120_000);
