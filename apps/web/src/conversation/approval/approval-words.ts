/** What the card that asks for approval says: of what is asked, why, and how risky it is. Pure. */
import {
  type ActionEvent,
  type ConfirmationPolicy,
  FileEditorAction,
  type FileEditorCommand,
  TerminalAction,
} from "@openhands/protocol";

export type Risk = ActionEvent["security_risk"];

export interface ApprovalWords {
  /** a question */
  readonly title: string;
  /** why it is asked */
  readonly why: string;
  /** of the riskiest action */
  readonly risk: Risk;
  /** that risk in a word or two */
  readonly riskWords: string;
}

/** What nobody can judge stands above what is known to be bearable. */
const rank: Readonly<Record<Risk, number>> = { LOW: 0, MEDIUM: 1, UNKNOWN: 2, HIGH: 3 };

const riskWords: Readonly<Record<Risk, string>> = {
  LOW: "low risk",
  MEDIUM: "medium risk",
  UNKNOWN: "risk not known",
  HIGH: "high risk",
};

/** @param actions that wait, at least one */
export function approvalWords(actions: readonly ActionEvent[], policy: ConfirmationPolicy): ApprovalWords {
  const risks = actions.map((action) => action.security_risk);
  const risk = risks.toSorted((a, b) => rank[b] - rank[a])[0] ?? "UNKNOWN";
  const [first] = actions;
  const title = first && actions.length === 1 ? titleOf(first) : `Allow these ${actions.length} actions?`;
  return { title, why: whyOf(actions, policy), risk, riskWords: riskWords[risk] };
}

const editorTitles: Readonly<Record<FileEditorCommand, string>> = {
  view: "Allow it to read this?",
  create: "Allow this new file?",
  str_replace: "Allow this edit?",
  insert: "Allow this edit?",
  undo_edit: "Allow it to undo its edit?",
};

function titleOf({ action, tool_name: tool }: ActionEvent): string {
  const terminal = TerminalAction.safeParse(action);
  if (terminal.success) return terminal.data.is_input ? "Allow this input?" : "Allow this command?";
  const editor = FileEditorAction.safeParse(action);
  return editor.success ? editorTitles[editor.data.command] : `Allow it to use ${tool}?`;
}

function whyOf(actions: readonly ActionEvent[], policy: ConfirmationPolicy): string {
  const reasons = [...new Set(actions.flatMap((action) => action.risk_reasons ?? []))];
  if (reasons.length > 0) return reasons.join(", ");
  return policy.kind === "AlwaysConfirm"
    ? "everything is asked about here"
    : "nobody can tell what it would do";
}
