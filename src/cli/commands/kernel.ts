import { ArgumentError, unknownName } from "../../core/errors.js";
import { EXIT } from "../command.js";
import type { Command, Words } from "../command.js";
import { installKernel, kernelFolder, uninstallKernel } from "../kernel-folder.js";

const ACTIONS = ["install", "uninstall"];

export const kernel: Command = {
  name: "kernel",
  summary:
    "Registers the TypeScript kernel for a JupyterLab or VS Code outside of the checkout, or removes it there.",
  operands: "install|uninstall",
  flags: [
    { name: "user", text: "for this user" },
    { name: "prefix", value: "DIR", text: "for the Python environment in DIR (what its sys.prefix says)" },
  ],
  notes: [
    "The registration points to this checkout: it must stay where it is, set up and built.",
    "The checkout's own JupyterLab (npm run lab) needs none.",
  ],
  run: (words) => {
    const action = actionOf(words);
    const folder = kernelFolder(prefixOf(words));
    if (action === "install") {
      installKernel(folder);
      process.stdout.write(`kernel tslab registered in ${folder}\n`);
    } else {
      const removed = uninstallKernel(folder);
      process.stdout.write(removed ? `removed ${folder}\n` : `no kernel tslab in ${folder}\n`);
    }
    return Promise.resolve(EXIT.ok);
  },
};

function actionOf({ operands }: Words): string {
  const [action, ...more] = operands;
  if (action === undefined || !ACTIONS.includes(action)) throw unknownName("kernel", action ?? "", ACTIONS);
  if (more.length > 0) throw new ArgumentError(`kernel ${action}`, more[0], "no further word");
  return action;
}

/** The environment's folder; undefined for the user's own. */
function prefixOf({ given, text }: Words): string | undefined {
  if (given.has("user") === given.has("prefix"))
    throw new ArgumentError(
      "kernel",
      given.has("user") ? "both" : "neither",
      "either --user or --prefix DIR",
    );
  return text.prefix;
}
