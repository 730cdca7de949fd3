#!/usr/bin/env node
/** Hands over to the project's own Node, which is newer than the one that may be on PATH. */
import { runNode } from "../../../scripts/lib/run.mjs";

process.exitCode = await runNode([
  new URL("../src/main.ts", import.meta.url).pathname,
  ...process.argv.slice(2),
]);
