#!/usr/bin/env node
// npm test [-- --slow] [-- --only unit,kernel] [-- NAME...]: set-up, then every check; names narrow vitest to matching files.
import { onNode } from "./setup/node.js";

onNode(async () => {
  const { setUpThen } = await import("./setup/index.js");
  const { runChecks } = await import("./test/checks.js");
  await setUpThen(() => runChecks(process.argv.slice(2)));
});
