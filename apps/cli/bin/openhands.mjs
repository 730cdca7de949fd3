#!/usr/bin/env node
/** Runs the command in this process where it is the project's own Node, as under npx; else hands over to that one. */
import { enableCompileCache } from "node:module";
import { environment, isProjectsNode, runNode } from "../../../scripts/lib/run.mjs";

const main = new URL("../src/main.ts", import.meta.url);

if (isProjectsNode()) {
  enableCompileCache(environment.NODE_COMPILE_CACHE);
  await import(main.href);
} else {
  process.exitCode = await runNode([main.pathname, ...process.argv.slice(2)], { cwd: process.cwd() });
}
