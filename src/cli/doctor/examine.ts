import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../notebook/environment.js";
import { shownPath } from "../document.js";
import { kernelFile, venvPython } from "../jupyter.js";
import { version } from "../machine.js";
import { answerOf } from "./answer.js";
import { device } from "./device.js";
import { finding } from "./finding.js";
import type { Finding } from "./finding.js";

/** Looks at everything that a run uses. */
export async function examine(): Promise<Finding[]> {
  return [
    finding("scorebook", `${version()} in ${root}`),
    finding("Node", `${process.version}, ${process.platform} ${process.arch}`),
    npm(),
    build(),
    python(),
    kernel(),
    ...(await device()),
  ];
}

function npm(): Finding {
  const found = answerOf("npm", ["--version"]);
  return finding("npm", found ?? "not found", found !== undefined);
}

function build(): Finding {
  const path = join(root, "dist", "index.js");
  return existsSync(path)
    ? finding("build", shownPath(path))
    : finding("build", "missing", false, "npm run setup makes it");
}

function python(): Finding {
  try {
    const path = venvPython();
    const probe =
      "import sys, jupyterlab, nbclient; " +
      "print('%d.%d.%d' % sys.version_info[:3], jupyterlab.__version__, nbclient.__version__)";
    const [found, lab, client] = answerOf(path, ["-c", probe])?.split(" ") ?? [];
    if (found === undefined) throw new Error(`${shownPath(path)} does not start or lacks JupyterLab`);
    return finding("Python", `${found} in .venv, JupyterLab ${lab}, nbclient ${client}`);
  } catch (error) {
    return finding("Python", "not usable", false, (error as Error).message, "npm run setup makes .venv anew");
  }
}

function kernel(): Finding {
  if (!existsSync(kernelFile))
    return finding("kernel", "tslab is not registered", false, "npm run setup does it");
  const { argv } = JSON.parse(readFileSync(kernelFile, "utf8")) as { argv: readonly string[] };
  const missing = argv.filter((word) => /[\\/]/.test(word) && !existsSync(word));
  const notes = [`starts ${argv.map(shownPath).join(" ")}`, ...missing.map((path) => `${path} is missing`)];
  return finding("kernel", `tslab, registered in ${shownPath(kernelFile)}`, missing.length === 0, ...notes);
}
