import { text, ThinkAction } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

export const thinkTool = defineTool({
  name: "think",
  description: "Notes a thought: a plan, a hypothesis, what a result means. Does nothing else.",
  input: z.object({ thought: z.string() }),
  action: ThinkAction,
  effect: "none",
  toAction: (input) => ({ kind: "ThinkAction" as const, thought: input.thought }),
  run: () => Promise.resolve({ kind: "ThinkObservation", content: [text("Noted.")], is_error: false }),
});
