/** The commands. A new one: a file here and a name below. */
import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { link } from "./link.ts";
import { ls } from "./ls.ts";
import { run } from "./run.ts";
import { secrets } from "./secrets.ts";
import { show } from "./show.ts";
import { start } from "./start.ts";

export const commands: readonly Command[] = [start, run, ls, show, exportCommand, link, secrets, doctor];
