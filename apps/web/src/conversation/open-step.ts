/** Where an action is that nothing has answered yet. Pure. */
import { type ActionEvent, TerminalAction } from "@openhands/protocol";
import type { ConversationView } from "./conversation-view.ts";
import { isStarting } from "./status-words.ts";

/** asks: for the person's yes; next: behind another one in the same shell; rests: the run has stopped before it */
export type OpenStep = "asks" | "sandbox" | "next" | "runs" | "rests";

export const openStepWords: Readonly<Record<OpenStep, string>> = {
  asks: "asks",
  sandbox: "waits for the sandbox",
  next: "is next",
  runs: "running",
  rests: "not begun",
};

/** @param id of the action's event */
export function openStep({ info, folded }: ConversationView, id: string): OpenStep {
  switch (info?.execution_status) {
    case "waiting_for_confirmation":
      return "asks";
    case "running":
    case undefined:
      break;
    default:
      return "rests";
  }
  if (info && isStarting(info.sandbox.status)) return "sandbox";
  const inShell = [...folded.openActions.values()].filter(isCommand);
  return inShell.findIndex((action) => action.id === id) > 0 ? "next" : "runs";
}

const isCommand = ({ action }: ActionEvent): boolean => TerminalAction.safeParse(action).success;
