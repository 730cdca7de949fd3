/**
 * `npm start`: from a fresh clone to a server that is ready. Runs on the Node that is there (20 or newer); what it
 * starts runs on the project's own. A second start installs and builds nothing.
 */
import { installIfNeeded } from "./lib/install.mjs";
import { buildPageIfNeeded } from "./lib/page.mjs";
import { bubblewrapIfNeeded } from "./lib/bubblewrap.mjs";
import { buildProgramIfNeeded } from "./lib/program.mjs";
import { runNode } from "./lib/run.mjs";

installIfNeeded();
buildPageIfNeeded();
buildProgramIfNeeded();
await bubblewrapIfNeeded(process.argv.slice(2));
process.exitCode = await runNode(["apps/cli/bin/openhands.mjs", "start", ...process.argv.slice(2)]);
