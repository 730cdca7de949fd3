/** After `npm ci`, so that `npx openhands` is quick from its first start on; not where only what runs was installed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildProgramIfNeeded } from "./lib/program.mjs";
import { root } from "./lib/run.mjs";

if (existsSync(join(root, "node_modules", "rolldown"))) buildProgramIfNeeded();
