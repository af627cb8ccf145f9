import { readFileSync } from "node:fs";

/** The content of `kernel_info_reply`. */
export function kernelInfo(): object {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return {
    status: "ok",
    protocol_version: "5.3",
    implementation: "scorebook",
    implementation_version: version,
    banner: `TypeScript (tslab) on Node ${process.version}`,
    debugger: false,
    help_links: [],
    language_info: {
      name: "typescript",
      version: "5.0.4",
      mimetype: "text/typescript",
      file_extension: ".ts",
      // JupyterLab reads the mode, the classic notebook the name and the flag.
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    },
  };
}
