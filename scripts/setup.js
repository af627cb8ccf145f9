#!/usr/bin/env node
// npm run setup: the set-up alone.
import { onNode } from "./setup/node.js";

onNode(async () => {
  const { setUpThen } = await import("./setup/index.js");
  await setUpThen(() => Promise.resolve(0));
});
