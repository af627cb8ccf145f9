#!/usr/bin/env node
// npm run bench -- NAME... [--peers] [--json]: set-up, then the scripts of bench/ with these names.
import { onNode } from "./setup/node.js";

onNode(async () => {
  const { setUpThen } = await import("./setup/index.js");
  const { runBenchmarks } = await import("./bench/run.js");
  await setUpThen(() => runBenchmarks(process.argv.slice(2)), { python: false });
});
