// The compiled `scorebook` command, run in this process.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist } from "./paths.js";

/** @param {string[]} words
 * @returns {Promise<number>} the exit code */
export async function scorebook(words) {
  const { main } = await import(pathToFileURL(join(dist, "cli", "main.js")).href);
  return main(words);
}

/** Whether a command line runs notebooks or Jupyter; the others work without Python, `doctor` above all.
 * @param {string[]} words */
export function needsPython(words) {
  const runs =
    ["run", "reproduce", "lab"].includes(words[0]) || (words[0] === "kernel" && words[1] === "install");
  return runs && !words.includes("--help") && !words.includes("-h");
}
