import { GlobAction } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

export const globTool = defineTool({
  name: "glob",
  description: "Finds files by a glob of their path: at most 100, in order of their paths.",
  input: z.object({
    pattern: z
      .string()
      .min(1)
      .describe("e.g. **/*.py, src/**/*.{ts,tsx}; without / it is the name's, anywhere"),
    path: z.string().nullish().describe("folder; default /workspace"),
  }),
  action: GlobAction,
  effect: "read",
  toAction: (input) => ({ kind: "GlobAction" as const, ...input }),
  run: async (action, { sandbox, signal }) => await (await sandbox()).search.glob(action, { signal }),
});
