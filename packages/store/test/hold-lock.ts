/** A process for tests to kill: takes the home named by its argument, says so, and waits. */
import { acquireInstanceLock } from "../src/instance-lock.ts";
import { createLayout } from "../src/layout.ts";

await acquireInstanceLock(createLayout(process.argv[2] ?? ""));
process.stdout.write("held\n");
setInterval(() => undefined, 60_000);
