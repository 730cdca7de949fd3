/** One line for one step: what, on what, result, time. Tools that are not known here get a generic line. */
import {
  attachmentName,
  FileEditorAction,
  FileEditorObservation,
  plainText,
  TerminalAction,
  TerminalObservation,
} from "@openhands/protocol";
import { durationWords, elapsed } from "../../format/duration.ts";
import type { Step } from "./feed-items.ts";
import { lineChanges, linesOf } from "./line-changes.ts";
import { searchLine, taskLine } from "./describe-search.ts";
import { shortPath } from "./short-path.ts";
import type { StepLine } from "./step-line.ts";

export function describeStep(step: Step): StepLine {
  const terminal = TerminalAction.safeParse(step.action.action);
  if (terminal.success) return { ...shared(step), ...terminalLine(step, terminal.data) };
  const editor = FileEditorAction.safeParse(step.action.action);
  if (editor.success) return { ...shared(step), ...editorLine(step, editor.data) };
  return { ...shared(step), ...(searchLine(step) ?? taskLine(step)) };
}

function shared({ action, answer }: Step): StepLine {
  const time = answer ? elapsed(action.timestamp, answer.timestamp) : null;
  return {
    icon: "tool",
    subject: action.tool_name,
    note: action.summary ?? "",
    result: answerWord(answer),
    changes: null,
    time: time === null ? "" : durationWords(time),
    state: stateOf(answer),
  };
}

function stateOf(answer: Step["answer"]): StepLine["state"] {
  if (!answer) return "running";
  if (answer.kind !== "ObservationEvent") return "failed";
  return answer.observation.is_error ? "failed" : "done";
}

function answerWord(answer: Step["answer"]): string {
  switch (answer?.kind) {
    case "UserRejectObservation":
      return "rejected";
    case "AgentErrorEvent":
      return "failed";
    case "ObservationEvent":
      return answer.observation.is_error ? "failed" : "";
    case undefined:
      return "";
  }
}

function terminalLine({ answer }: Step, action: TerminalAction): Partial<StepLine> {
  const lines = action.command.trim().split("\n");
  const subject = lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? "");
  const line: Partial<StepLine> = {
    icon: "command",
    subject: subject === "" ? emptyCommand(action) : subject,
    note: action.is_input && subject !== "" ? "typed in" : "",
  };
  const observation = answer?.kind === "ObservationEvent" ? answer.observation : null;
  const seen = TerminalObservation.safeParse(observation);
  if (!seen.success) return line;
  if (seen.data.exit_code === -1 && !seen.data.is_error) return { ...line, result: "still going" };
  if (seen.data.exit_code === -1) return { ...line, result: "not run", state: "failed" };
  if (seen.data.exit_code !== 0) return { ...line, result: `exit ${seen.data.exit_code}`, state: "failed" };
  const count = linesOf(plainText(seen.data.content).trim()).length;
  return { ...line, result: seen.data.is_error ? "failed" : lineCount(count) };
}

function emptyCommand(action: TerminalAction): string {
  return action.reset ? "new shell" : "wait for output";
}

/** The word while it happens, and the one after. */
const editorNotes: Readonly<Record<FileEditorAction["command"], readonly [string, string]>> = {
  view: ["reading", "read"],
  create: ["creating", "created"],
  str_replace: ["editing", "edited"],
  insert: ["editing", "edited"],
  undo_edit: ["undoing the edit", "edit undone"],
};

function editorLine({ answer }: Step, action: FileEditorAction): Partial<StepLine> {
  const view = action.command === "view";
  const line: Partial<StepLine> = {
    icon: view ? "view" : "edit",
    subject: shortPath(action.path),
    note: stateOf(answer) === "failed" ? "" : editorNotes[action.command][answer ? 1 : 0],
  };
  const observation = answer?.kind === "ObservationEvent" ? answer.observation : null;
  const seen = FileEditorObservation.safeParse(observation);
  if (!seen.success || seen.data.is_error) return line;
  if (view) return { ...line, result: lineCount(linesOf(plainText(seen.data.content)).length) };
  const { removed, added } = editedLines(action, seen.data);
  return { ...line, changes: { added: added.length, removed: removed.length } };
}

/** What an edit changed: from the whole contents where the observation has them, else from the call. */
export function editedLines(action: FileEditorAction, observation: FileEditorObservation | null) {
  if (hasContents(observation)) {
    return lineChanges(observation?.old_content ?? "", observation?.new_content ?? "");
  }
  if (action.command === "create") return lineChanges("", action.file_text ?? "");
  return lineChanges(action.old_str ?? "", action.new_str ?? "");
}

/** False also where the contents are attachments: they are too long to be compared here. */
export function hasContents(observation: FileEditorObservation | null | undefined): boolean {
  const contents = [observation?.old_content ?? "", observation?.new_content];
  return contents.every((content) => typeof content === "string" && attachmentName(content) === null);
}

function lineCount(count: number): string {
  if (count === 0) return "no output";
  return count === 1 ? "1 line" : `${count} lines`;
}
