import { TerminalAction } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

export const terminalTool = defineTool({
  name: "terminal",
  description: `Runs a command in the one long-lived bash of this conversation; working directory, variables and background jobs stay from call to call.
- One command a call: chain with && or ; where you need several.
- A command that prints nothing new for a while returns with exit code -1 and goes on running. Then: an empty command shows what came since; is_input true sends \`command\` to it as typed text with Enter, or as a key: C-c, C-d, C-z, UP, DOWN, LEFT, RIGHT, HOME, END, PGUP, PGDN, TAB, ENTER, ESC, BS. Nothing else runs until it ends.
- \`timeout\` is a hard limit in seconds: give one for commands that you know to take long without output.
- Servers and watchers belong into the background: \`command > server.log 2>&1 &\`.
- Long output is cut in the middle: filter it, or write it to a file and look at parts.
- reset true throws the shell away and starts a fresh one, for when it no longer answers.`,
  input: z.object({
    command: z.string().describe("the command; empty to see more of a running one"),
    is_input: z.boolean().nullish().describe("send to the running command instead of running it"),
    timeout: z.coerce.number().positive().max(86_400).nullish().describe("hard limit in seconds"),
    reset: z.boolean().nullish().describe("start a fresh shell; not with is_input"),
  }),
  action: TerminalAction,
  effect: "execute",
  toAction: (input) => ({
    kind: "TerminalAction" as const,
    command: input.command,
    is_input: input.is_input ?? false,
    timeout: input.timeout ?? null,
    reset: input.reset ?? false,
  }),
  run: async (action, { sandbox, signal, onOutput }) =>
    await (await sandbox()).terminal.run(action, { signal, onOutput }),
});
