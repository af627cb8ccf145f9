import type { ConsoleMessage, Locator, Page } from "playwright-core";

/** An output as the notebook's model holds it. */
export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What the page's own JupyterLab tells of its notebook. */
interface State {
  readonly kernel: string;
  readonly cells: readonly {
    readonly type: string;
    readonly count: number | null;
    readonly outputs: readonly Output[];
  }[];
}

/** Time for the slowest step on a busy machine. */
const PATIENCE = 120_000;

/** A notebook that is open in JupyterLab. */
export class NotebookPage {
  readonly page: Page;
  /** Errors of the console, and exceptions that nobody caught. */
  readonly problems: string[] = [];
  readonly #address: string;

  constructor(page: Page, address: string) {
    [this.page, this.#address] = [page, address];
    page.on("console", (message: ConsoleMessage) => {
      if (message.type() === "error") this.problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.problems.push(String(error)));
  }

  /** Loads or reloads the page, and waits for the notebook and its kernel. */
  async load(): Promise<void> {
    await this.page.goto(this.#address, { timeout: PATIENCE });
    await this.page.locator(".jp-Notebook .jp-Cell").first().waitFor({ timeout: PATIENCE });
    await this.until(({ kernel }) => ["idle", "busy"].includes(kernel), "kernel");
  }

  /** Takes an entry of the menus, as a person does. */
  async menu(name: string, entry: string | RegExp): Promise<void> {
    await this.page.locator(".lm-MenuBar-item", { hasText: name }).first().click();
    await this.page.locator(".lm-Menu-item", { hasText: entry }).first().click();
  }

  /** Runs all cells and waits for their end. */
  async runAll(seconds = 100): Promise<State> {
    await this.menu("Run", /^Run All Cells/);
    return this.ended(seconds);
  }

  /** Waits until every cell has been run or left out, and the kernel is idle. */
  async ended(seconds = 100): Promise<State> {
    return this.until(
      ({ kernel, cells }) =>
        kernel === "idle" && cells.every(({ type, count }) => type !== "code" || count !== null),
      "end of the cells",
      seconds,
    );
  }

  /** Selects a cell, brings it into view and gives it. */
  async cell(index: number): Promise<Locator> {
    await this.page.evaluate(async (i) => {
      const { content } = (globalThis as unknown as InLab).jupyterapp.shell.currentWidget;
      content.activeCellIndex = i;
      await content.scrollToItem(i, "smart").catch(() => undefined);
    }, index);
    const cell = this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
    await cell.waitFor();
    return cell;
  }

  /** Starts one cell, as Ctrl+Enter does. */
  async start(index: number): Promise<void> {
    await this.cell(index);
    await this.command("notebook:run-cell");
  }

  /** Runs one cell to its end, and gives its outputs. */
  async run(index: number, seconds = 60): Promise<readonly Output[]> {
    const before = (await this.state()).cells[index].count;
    await this.start(index);
    const ended = ({ kernel, cells }: State) =>
      kernel === "idle" && cells[index].count !== null && cells[index].count !== before;
    return (await this.until(ended, `end of cell ${index}`, seconds)).cells[index].outputs;
  }

  /** The text that a reader sees below a cell. */
  async shown(index: number): Promise<string> {
    return (await (await this.cell(index)).locator(".jp-OutputArea").allInnerTexts()).join("\n");
  }

  /** One of JupyterLab's commands, for what has no menu entry of its own. */
  async command(id: string): Promise<void> {
    await this.page.evaluate(
      (name) => void (globalThis as unknown as InLab).jupyterapp.commands.execute(name),
      id,
    );
  }

  /** Puts the text of a cell, and the cursor behind it. */
  async type(index: number, text: string): Promise<Locator> {
    const cell = await this.cell(index);
    await cell.locator(".cm-content").click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(text);
    return cell;
  }

  async save(): Promise<void> {
    await this.page.evaluate(() =>
      (globalThis as unknown as InLab).jupyterapp.commands.execute("docmanager:save"),
    );
  }

  state(): Promise<State> {
    return this.page.evaluate(() => {
      const panel = (globalThis as unknown as InLab).jupyterapp.shell.currentWidget;
      const { cells } = panel.content.model.toJSON();
      return {
        kernel: panel.sessionContext.kernelDisplayStatus,
        cells: cells.map((cell) => ({
          type: cell.cell_type,
          count: cell.execution_count ?? null,
          outputs: (cell.outputs ?? []).map((output) => ({
            ...output,
            text: [output.text ?? ""].flat().join(""),
          })),
        })),
      };
    });
  }

  /** The outputs of a cell. */
  async outputs(index: number): Promise<readonly Output[]> {
    return (await this.state()).cells[index].outputs;
  }

  /** Waits until the notebook is as wanted. */
  async until(wanted: (state: State) => boolean, what: string, seconds = 100): Promise<State> {
    const limit = performance.now() + 1000 * seconds;
    let state: State | undefined;
    while (performance.now() < limit) {
      state = await this.state().catch(() => undefined);
      if (state && wanted(state)) return state;
      await this.page.waitForTimeout(100);
    }
    const brief = state?.cells.map(({ count, outputs }) => [
      count,
      ...outputs.map((one) => one.ename ?? one.output_type),
    ]);
    throw new Error(
      `no ${what} within ${seconds} s; kernel ${state?.kernel}, cells ${JSON.stringify(brief)}`,
    );
  }

  /** A picture for who wants to look, where SCOREBOOK_SCREENSHOTS names a folder. */
  async shot(name: string): Promise<void> {
    const folder = process.env.SCOREBOOK_SCREENSHOTS;
    if (folder) await this.page.screenshot({ path: `${folder}/${name}.png` });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** The part of JupyterLab's interface that is used. */
interface InLab {
  readonly jupyterapp: {
    readonly commands: { execute(id: string): Promise<unknown> };
    readonly shell: {
      readonly currentWidget: {
        readonly content: {
          activeCellIndex: number;
          scrollToItem(index: number, align: string): Promise<void>;
          readonly model: {
            toJSON(): {
              cells: {
                cell_type: string;
                execution_count?: number | null;
                outputs?: (Omit<Output, "text"> & { text?: string | string[] })[];
              }[];
            };
          };
        };
        readonly sessionContext: { readonly kernelDisplayStatus: string };
      };
    };
  };
}
