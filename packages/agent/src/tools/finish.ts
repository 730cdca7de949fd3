import { FinishAction, text } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

export const finishTool = defineTool({
  name: "finish",
  description:
    "Ends your turn. Call it when the task is done and you have seen that it works, or when you can't go on without the person.",
  input: z.object({
    message: z.string().describe("for the person: what was done, what was seen to work, what is left"),
  }),
  action: FinishAction,
  effect: "none",
  endsTurn: true,
  toAction: (input) => ({ kind: "FinishAction" as const, message: input.message }),
  run: (action) =>
    Promise.resolve({ kind: "FinishObservation", content: [text(action.message)], is_error: false }),
});
