#!/usr/bin/env node
// scorebook COMMAND: set-up where something is missing or out of date, then the command.
import { onNode } from "./setup/node.js";

onNode(async () => {
  const { setUpThen } = await import("./setup/index.js");
  const { needsPython, scorebook } = await import("./setup/command.js");
  const words = process.argv.slice(2);
  await setUpThen(() => scorebook(words), { python: needsPython(words) });
});
