#!/usr/bin/env node
// scorebook COMMAND: set-up where something is missing or out of date, then the command.
import { onNode } from "./setup/node.js";

onNode(async () => {
  const { setUpThen } = await import("./setup/index.js");
  const { scorebook } = await import("./setup/command.js");
  await setUpThen(() => scorebook(process.argv.slice(2)));
});
