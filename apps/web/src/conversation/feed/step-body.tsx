import {
  type AgentErrorEvent,
  FileEditorAction,
  FileEditorObservation,
  type ObservationEvent,
  plainText,
  TerminalAction,
  type UserRejectObservation,
} from "@openhands/protocol";
import { useServices } from "../../app/services.ts";
import { OutputText } from "../../components/output-text.tsx";
import { byteWords } from "../../format/bytes.ts";
import { useConversationId } from "../conversation-id.ts";
import { LiveOutput } from "../live-output.tsx";
import { ChangedLines } from "./changed-lines.tsx";
import { searchLine, tasksOf } from "./describe-search.ts";
import { editedLines, hasContents } from "./describe-step.ts";
import { Images } from "./images.tsx";
import type { Step } from "./feed-items.ts";
import { prettyArguments } from "./pretty-arguments.ts";
import { TaskList } from "./task-list.tsx";

/** What a step shows when it is open: what was asked in full, and what came of it. Null when there is nothing. */
export function StepBody({ step }: { step: Step }) {
  const { action, answer } = step;
  const terminal = TerminalAction.safeParse(action.action);
  if (terminal.success) return <TerminalBody action={terminal.data} actionId={action.id} answer={answer} />;
  const editor = FileEditorAction.safeParse(action.action);
  if (editor.success) return <EditorBody action={editor.data} answer={answer} />;
  const tasks = tasksOf(step);
  if (tasks && stepWorked(answer)) return <TaskList tasks={tasks} />;
  const found = searchLine(step) !== null;
  return (
    <>
      <Part text={found ? "" : prettyArguments(action.tool_call.arguments)} strong />
      <Part text={answerText(answer)} />
      <Images urls={imagesOf(answer)} />
      <WholeOutput answer={answer} />
    </>
  );
}

/** Also while it has no answer yet. */
const stepWorked = (answer: Answer): boolean =>
  answer === null || (answer.kind === "ObservationEvent" && !answer.observation.is_error);

type Answer = ObservationEvent | UserRejectObservation | AgentErrorEvent | null;

/** One block of the body; nothing for an empty text. */
function Part({ text, strong = false }: { text: string; strong?: boolean }) {
  if (text.trim() === "") return null;
  return (
    <div className="border-t border-line bg-term px-3 py-2">
      <OutputText text={text} className={strong ? "text-ink" : ""} />
    </div>
  );
}

/** Where the event carries only part of an output, the way to all of it. */
function WholeOutput({ answer }: { answer: Answer }) {
  const { client } = useServices();
  const conversationId = useConversationId();
  if (answer?.kind !== "ObservationEvent" || !answer.whole_output) return null;
  return (
    <p className="border-t border-line bg-term px-3 py-1.5 text-small">
      <a
        href={client.events.outputUrl(conversationId, answer.id)}
        target="_blank"
        rel="noreferrer"
        className="text-mute underline hover:text-ink"
      >
        Whole output ({byteWords(answer.whole_output.bytes)})
      </a>
    </p>
  );
}

interface TerminalBodyProps {
  readonly action: TerminalAction;
  readonly actionId: string;
  readonly answer: Answer;
}

function TerminalBody({ action, actionId, answer }: TerminalBodyProps) {
  const output = answerText(answer);
  const command = action.command.trim();
  return (
    <>
      {command.includes("\n") || command.length > 60 ? <Part text={command} strong /> : null}
      {answer ? null : <LiveOutput actionId={actionId} className="border-t border-line bg-term px-3 py-2" />}
      {answer && output.trim() === "" ? <Part text="It printed nothing." /> : <Part text={output} />}
      <WholeOutput answer={answer} />
    </>
  );
}

function EditorBody({ action, answer }: { action: FileEditorAction; answer: Answer }) {
  const observation = answer?.kind === "ObservationEvent" ? answer.observation : null;
  const seen = FileEditorObservation.safeParse(observation);
  const worked = seen.success && !seen.data.is_error;
  if (action.command === "view" || action.command === "undo_edit" || (answer && !worked)) {
    return (
      <>
        <Part text={answerText(answer)} />
        <Images urls={imagesOf(answer)} />
        <WholeOutput answer={answer} />
      </>
    );
  }
  const { removed, added, before } = editedLines(action, seen.success ? seen.data : null);
  const known = hasContents(seen.data) || action.command === "create";
  return <ChangedLines removed={removed} added={added} before={known ? before : null} />;
}

function answerText(answer: Answer): string {
  switch (answer?.kind) {
    case "ObservationEvent":
      return plainText(answer.observation.content);
    case "AgentErrorEvent":
      return answer.error;
    case "UserRejectObservation":
      return `Rejected: ${answer.rejection_reason}`;
    case undefined:
      return "";
  }
}

function imagesOf(answer: Answer): string[] {
  if (answer?.kind !== "ObservationEvent") return [];
  return answer.observation.content.flatMap((part) => (part.type === "image" ? part.image_urls : []));
}
