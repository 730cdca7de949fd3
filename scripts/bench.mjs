/** `npm run bench [-- name …]`: what is promised, measured. */
import { installIfNeeded } from "./lib/install.mjs";
import { buildProgramIfNeeded } from "./lib/program.mjs";
import { runNode } from "./lib/run.mjs";

installIfNeeded();
buildProgramIfNeeded();
process.exitCode = await runNode(["bench/main.ts", ...process.argv.slice(2)]);
