#!/usr/bin/env node
/** Runs the command in this process where it is the project's own Node, as under npx; else hands over to that one. */
import { environment, isProjectsNode, runNode } from "../../../scripts/lib/run.mjs";

const main = new URL("../src/main.ts", import.meta.url);

if (isProjectsNode()) {
  // an older Node, which only hands over, does not have it
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(environment.NODE_COMPILE_CACHE);
  await import(main.href);
} else {
  process.exitCode = await runNode([main.pathname, ...process.argv.slice(2)], { cwd: process.cwd() });
}
