import { type ActionEvent, FileEditorAction, TerminalAction } from "@openhands/protocol";
import { visibleText } from "../../format/visible-text.ts";
import { ChangedLines } from "../feed/changed-lines.tsx";
import { editedLines } from "../feed/describe-step.ts";
import { prettyArguments } from "../feed/pretty-arguments.ts";

/** One action that waits, whole: nothing of it is clipped, and nothing in it hides. */
export function ApprovalAction({ action }: { action: ActionEvent }) {
  const terminal = TerminalAction.safeParse(action.action);
  if (terminal.success) {
    const { command, reset } = terminal.data;
    return <Exactly text={command.trim() === "" && reset ? "A new shell" : command} />;
  }
  const editor = FileEditorAction.safeParse(action.action);
  if (editor.success) return <EditorAction action={editor.data} />;
  return <Exactly text={`${action.tool_name} ${prettyArguments(action.tool_call.arguments)}`} />;
}

function EditorAction({ action }: { action: FileEditorAction }) {
  const { removed, added } = editedLines(action, null);
  const place = typeof action.insert_line === "number" ? `, after line ${action.insert_line}` : "";
  return (
    <>
      <Exactly text={action.path + place} />
      {removed.length + added.length > 0 ? (
        <ChangedLines removed={removed} added={added} before={null} limit={Number.POSITIVE_INFINITY} />
      ) : null}
    </>
  );
}

function Exactly({ text }: { text: string }) {
  return (
    <pre className="border-t border-line bg-term px-3 py-2 font-mono text-code wrap-anywhere whitespace-pre-wrap text-ink">
      {visibleText(text)}
    </pre>
  );
}
