// Imported first by every script, and written for any Node that knows modules: says so where Node is too old.
import { nodeComplaint } from "./versions.js";

/** Calls `main` of a script where Node is new enough.
 * @param {() => Promise<unknown>} main */
export function onNode(main) {
  const complaint = nodeComplaint(process.version);
  if (complaint) {
    console.error(complaint);
    process.exit(1);
  }
  main().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
