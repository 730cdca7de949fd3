#!/usr/bin/env node
/**
 * Runs the command in this process where it is the project's own Node, as under npx; else hands over to that one.
 * What is run is the program that was put together, where it is up to date; else its source.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { freshProgram } from "../../../scripts/lib/program.mjs";
import { environment, isProjectsNode, runNode } from "../../../scripts/lib/run.mjs";

if (isProjectsNode()) {
  // an older Node, which only hands over, does not have it
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(environment.NODE_COMPILE_CACHE);
  const program = freshProgram();
  await import(program === null ? "../src/main.ts" : pathToFileURL(program).href);
} else {
  const words = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exitCode = await runNode(words, { cwd: process.cwd() });
}
