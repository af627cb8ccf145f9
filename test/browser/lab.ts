import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { jupyterEnvironment, venvPython } from "../../src/cli/jupyter.js";
import { root } from "../../src/notebook/environment.js";
import { freePort } from "../free-port.js";
import { launch } from "./chromium.js";
import { NotebookPage } from "./notebook-page.js";

const SETTINGS = {
  // Light or dark as the browser prefers it.
  "@jupyterlab/apputils-extension/themes": { "adaptive-theme": true },
  "@jupyterlab/apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/completer-extension/manager": { providerTimeout: 60_000 },
};

/** A JupyterLab of its own folder, port and token, and a browser in front of it. */
export class Lab {
  readonly folder: string;
  readonly server: ChildProcess;
  readonly #port: number;
  readonly #token = randomUUID();
  readonly #log: string[] = [];
  #browser: Browser | undefined;

  private constructor(folder: string, port: number) {
    [this.folder, this.#port] = [folder, port];
    const args = [
      ...["-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"],
      ...[`--port=${port}`, "--ServerApp.port_retries=0", `--IdentityProvider.token=${this.#token}`],
      ...[`--ServerApp.root_dir=${folder}`, "--LabApp.expose_app_in_browser=True", "--LabApp.news_url="],
      ...["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
      ...["--KernelSpecManager.ensure_native_kernel=False"],
    ];
    this.server = spawn(venvPython(), args, {
      cwd: folder,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.server.stdout, this.server.stderr])
      stream?.on("data", (data: Buffer) => this.#log.push(data.toString()));
    process.once("exit", () => this.server.kill("SIGKILL"));
  }

  /** Starts server and browser; whatever was started is ended where that fails. */
  static async start(): Promise<Lab> {
    mkdirSync(join(root, "out", "test"), { recursive: true });
    const folder = mkdtempSync(join(root, "out", "test", "browser-"));
    mkdirSync(join(folder, "notebooks"));
    symlinkSync(join(root, "dist"), join(folder, "dist"), "junction");
    const lab = new Lab(folder, await freePort());
    try {
      await Promise.all([lab.#answers(), launch().then((browser) => (lab.#browser = browser))]);
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** Where the notebooks' runs write. */
  get out(): string {
    return join(this.folder, "out");
  }

  /** Puts a notebook of the checkout into the folder, without its outputs. */
  copy(name: string): string {
    const file = `${name}.ipynb`;
    copyFileSync(join(root, "notebooks", file), join(this.folder, "notebooks", file));
    const notebook = this.saved(file);
    for (const cell of notebook.cells)
      if (cell.cell_type === "code") [cell.outputs, cell.execution_count] = [[], null];
    writeFileSync(join(this.folder, "notebooks", file), JSON.stringify(notebook));
    return file;
  }

  /** Writes a notebook of these cells. */
  write(name: string, sources: readonly string[]): string {
    const cells = sources.map((source, i) => ({ ...CELL, id: `cell-${i}`, source }));
    const kernelspec = { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" };
    const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(this.folder, "notebooks", `${name}.ipynb`), JSON.stringify(notebook));
    return `${name}.ipynb`;
  }

  /** What the file of a notebook holds. */
  saved(file: string): { cells: Record<string, unknown>[] } {
    return JSON.parse(readFileSync(join(this.folder, "notebooks", file), "utf8")) as {
      cells: Record<string, unknown>[];
    };
  }

  /** Opens a notebook in a browser window of its own, and waits for its kernel. */
  async open(file: string, { dark = false } = {}): Promise<NotebookPage> {
    if (!this.#browser) throw new Error("the browser is not up");
    const context = await this.#browser.newContext({
      colorScheme: dark ? "dark" : "light",
      viewport: { width: 1280, height: 900 },
    });
    context.setDefaultTimeout(60_000);
    const address = `${this.#address}/lab/workspaces/${randomUUID()}/tree/notebooks/${file}?token=${this.#token}`;
    const page = new NotebookPage(await context.newPage(), address);
    await page.load();
    return page;
  }

  /** The processes of the kernels that run. */
  async kernels(): Promise<{ id: string; execution_state: string }[]> {
    return (await (await this.#ask("/api/kernels")).json()) as { id: string; execution_state: string }[];
  }

  /** Ends browser, kernels and server, by force where they do not go. */
  async stop(): Promise<void> {
    await this.#browser?.close();
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const ended = new Promise((resolve) => this.server.once("exit", resolve));
      const force = setTimeout(() => this.server.kill("SIGKILL"), 15_000);
      await this.#ask("/api/shutdown", "POST").catch(() => this.server.kill("SIGKILL"));
      await ended;
      clearTimeout(force);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  #environment(): NodeJS.ProcessEnv {
    const own = (name: string) => join(this.folder, ".jupyter", name);
    for (const [name, settings] of Object.entries(SETTINGS)) {
      mkdirSync(join(own("settings"), name, ".."), { recursive: true });
      writeFileSync(join(own("settings"), `${name}.jupyterlab-settings`), JSON.stringify(settings));
    }
    return {
      ...jupyterEnvironment(),
      JUPYTER_CONFIG_DIR: own("config"),
      JUPYTER_DATA_DIR: own("data"),
      JUPYTER_RUNTIME_DIR: own("runtime"),
      JUPYTERLAB_SETTINGS_DIR: own("settings"),
      JUPYTERLAB_WORKSPACES_DIR: own("workspaces"),
      SCOREBOOK_OUT: this.out,
      SCOREBOOK_PROFILE: "quick",
    };
  }

  #ask(path: string, method = "GET"): Promise<Response> {
    return fetch(this.#address + path, { method, headers: { Authorization: `token ${this.#token}` } });
  }

  async #answers(): Promise<void> {
    for (let i = 0; i < 600; i++) {
      if (this.server.exitCode !== null) break;
      if (
        await this.#ask("/api/status").then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`JupyterLab does not answer\n${this.#log.join("")}`);
  }
}

const CELL = { cell_type: "code", metadata: {}, outputs: [], execution_count: null };
