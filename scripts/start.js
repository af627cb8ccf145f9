#!/usr/bin/env node
// npm start [-- NOTEBOOK... flags]: set-up, then the notebooks at the quick profile.
import { onNode } from "./setup/node.js";

onNode(async () => {
  const { setUpThen } = await import("./setup/index.js");
  const { needsPython, scorebook } = await import("./setup/command.js");
  const words = ["run", ...process.argv.slice(2)];
  await setUpThen(() => scorebook(words), { python: needsPython(words) });
});
