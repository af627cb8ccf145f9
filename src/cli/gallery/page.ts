import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../../notebook/environment.js";
import type { GalleryGroup } from "./collect.js";

/** The packages' own files for browsers, in the order in which they need each other. */
const SCRIPTS = ["vega", "vega-lite", "vega-embed"];

/**
 * The gallery as one HTML file that holds everything: specifications, scripts and style. It asks no host, which its own
 * content security policy enforces.
 * @param origin what the page says of the run behind its numbers
 */
export function galleryPage(groups: readonly GalleryGroup[], origin: string): string {
  const template = readFileSync(join(root, "scripts", "gallery", "page.html"), "utf8");
  const data = JSON.stringify({ origin, groups }).replaceAll("<", "\\u003c");
  const element = `<script type="application/json" id="data">${data}</script>`;
  const scripts = SCRIPTS.map((name) => `<script>${browserScript(name)}</script>`).join("\n");
  // A function: a text's "$&" would stand for what is replaced.
  return template.replace("<!-- scripts -->", () => `${scripts}\n${element}`);
}

function browserScript(name: string): string {
  const folder = dirname(createRequire(import.meta.url).resolve(name));
  const text = readFileSync(join(folder, `${name}.min.js`), "utf8");
  return text.replaceAll("</script", "<\\/script").replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n");
}
