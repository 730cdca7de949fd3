/** The rules, in no order that matters: all are asked. A new rule: a file here and a name below. */
import type { Rule } from "../rule.ts";
import { deletes } from "./deletes.ts";
import { hidesCommands } from "./hides-commands.ts";
import { installs } from "./installs.ts";
import { privileges } from "./privileges.ts";
import { publishes } from "./publishes.ts";
import { runsCode } from "./runs-code.ts";
import { sends } from "./sends.ts";
import { touchesPaths } from "./touches-paths.ts";
import { unknownPrograms } from "./unknown-programs.ts";

export const rules: readonly Rule[] = [
  publishes,
  sends,
  runsCode,
  hidesCommands,
  deletes,
  privileges,
  installs,
  touchesPaths,
  unknownPrograms,
];
