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
