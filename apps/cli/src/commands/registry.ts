/** The commands. A new one: a file here and a name below. */
import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";
import { link } from "./link.ts";
import { secrets } from "./secrets.ts";
import { start } from "./start.ts";

export const commands: readonly Command[] = [start, link, secrets, doctor];
