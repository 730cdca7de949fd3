/** `npm run bench [-- name …]`: what is promised, measured. */
import { installIfNeeded } from "./lib/install.mjs";
import { runNode } from "./lib/run.mjs";

installIfNeeded();
process.exitCode = await runNode(["bench/main.ts", ...process.argv.slice(2)]);
