import { GrepAction } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

export const grepTool = defineTool({
  name: "grep",
  description:
    "Finds lines by a regular expression in the files of a folder, with their numbers: at most 200, what git ignores left out where ripgrep is there.",
  input: z.object({
    pattern: z.string().min(1).describe("regular expression, e.g. log.*Error"),
    path: z.string().nullish().describe("file or folder; default /workspace"),
    include: z.string().nullish().describe("glob of the files to search, e.g. *.{ts,tsx}"),
  }),
  action: GrepAction,
  effect: "read",
  toAction: (input) => ({ kind: "GrepAction" as const, ...input }),
  run: async (action, { sandbox, signal }) => await (await sandbox()).search.grep(action, { signal }),
});
