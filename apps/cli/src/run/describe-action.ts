/** An action in one line. */
import {
  type ActionEvent,
  FileEditorAction,
  GlobAction,
  GrepAction,
  TaskTrackerAction,
  TerminalAction,
  ThinkAction,
} from "@openhands/protocol";
import * as z from "zod";

const longest = 200;

const known = z
  .discriminatedUnion("kind", [
    TerminalAction,
    FileEditorAction,
    GrepAction,
    GlobAction,
    TaskTrackerAction,
    ThinkAction,
  ])
  .nullable()
  .catch(null);

/** One that this version does not know is told by its tool's name and its arguments. */
export function describeAction({ action, tool_name: tool, tool_call: call }: ActionEvent): string {
  const read = known.parse(action);
  switch (read?.kind) {
    case "TerminalAction":
      return oneLine(`${read.is_input ? ">" : "$"} ${read.command}`);
    case "FileEditorAction":
      return oneLine(`${read.command} ${read.path}`);
    case "GrepAction":
      return oneLine(`grep ${read.pattern} ${read.path ?? ""}`);
    case "GlobAction":
      return oneLine(`glob ${read.pattern} ${read.path ?? ""}`);
    case "TaskTrackerAction": {
      const done = read.task_list.filter(({ status }) => status === "done").length;
      return read.command === "plan" ? `plan: ${done} of ${read.task_list.length} tasks done` : "plan";
    }
    case "ThinkAction":
      return oneLine(`think: ${read.thought}`);
    case undefined:
      return oneLine(`${tool} ${call.arguments}`);
  }
}

/** The first line, with a mark where something is left out. */
function oneLine(text: string): string {
  const [first = "", ...rest] = text.trim().split("\n");
  const more = rest.length > 0 || first.length > longest;
  return `${first.slice(0, longest)}${more ? " …" : ""}`;
}
