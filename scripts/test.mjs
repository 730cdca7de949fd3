/**
 * `npm test`: everything that CI checks. Installs what the tests need, then types, lint, format, and all tests with
 * real Docker, real bubblewrap and a real browser. Nothing is skipped: what can't run fails.
 */
import { installIfNeeded } from "./lib/install.mjs";
import { buildPageIfNeeded } from "./lib/page.mjs";
import { buildProgramIfNeeded } from "./lib/program.mjs";
import { runNode } from "./lib/run.mjs";

installIfNeeded();
buildPageIfNeeded();
buildProgramIfNeeded();
process.exitCode = await runNode(["scripts/run-tests.ts", ...process.argv.slice(2)]);
