import { isKnown, plainText } from "@openhands/protocol";
import { useEffect } from "react";
import { useStore } from "zustand";
import { ApprovalCard } from "./approval/approval-card.tsx";
import { PolicySelect } from "./approval/policy-select.tsx";
import { type Approval, useApproval } from "./approval/use-approval.ts";
import { Composer } from "./composer/composer.tsx";
import { type Draft, emptyDraft } from "./composer/draft.ts";
import { ConnectionLine } from "./connection-line.tsx";
import type { ConversationSession } from "./conversation-session.ts";
import { PortLine } from "./panel/preview/port-line.tsx";
import { QueuedMessages } from "./queue/queued-messages.tsx";
import { useVerb } from "./use-verb.ts";

/** Below the conversation, always in reach: what is asked, what waits, and where the person writes. */
export function Desk({ session }: { session: ConversationSession }) {
  const running = useStore(session.store, (view) => view.info?.execution_status === "running");
  const pausing = useStore(session.store, (view) => view.info?.pausing === true);
  const policy = useStore(session.store, (view) => view.info?.confirmation_policy);
  const approval = useApproval(session);
  const stop = useVerb(session.id, "interrupt");
  const pause = useVerb(session.id, "pause");
  const failure = stop.failure ?? pause.failure;
  const onEnter = approval?.keysAnswer && !approval.rejecting ? () => approval.allow("once") : undefined;
  const onEscape = escapeOf(approval, running ? pause.go : undefined);
  useKeysElsewhere(onEnter, onEscape);
  return (
    <div className="mx-auto w-full max-w-[808px] shrink-0 px-4 pb-4 @2xl:px-6">
      <ConnectionLine session={session} />
      <PortLine session={session} />
      {approval && policy ? (
        <ApprovalCard key={approval.actions[0]?.id} approval={approval} policy={policy} />
      ) : null}
      <QueuedMessages session={session} />
      {failure ? <p className="pb-2 text-small text-bad">{failure}</p> : null}
      <Composer
        invitation={invitationFor(approval, running)}
        sendWord={running ? "Steer" : "Send"}
        draft={session.draft}
        onSend={(draft, delivery) => session.send(draft, delivery)}
        onStop={running ? stop.go : undefined}
        onEscape={onEscape}
        onBlankEnter={onEnter}
        lastSent={() => lastSent(session)}
        choices={<PolicySelect session={session} />}
        note={noteFor(running, pausing)}
      />
    </div>
  );
}

function invitationFor(approval: Approval | null, running: boolean): string {
  if (approval) return "Or say what it should do instead";
  return running ? "Steer it, or ask for something else" : "Say what you want done";
}

function noteFor(running: boolean, pausing: boolean): string {
  if (pausing) return "It pauses after this step";
  return running ? "Esc pauses after this step" : "Shift+Enter starts a line";
}

function escapeOf(approval: Approval | null, pause: (() => void) | undefined): (() => void) | undefined {
  if (!approval) return pause;
  return approval.keysAnswer && !approval.rejecting ? approval.startRejecting : undefined;
}

/** Enter and Escape count also while nothing has the focus. */
function useKeysElsewhere(onEnter: (() => void) | undefined, onEscape: (() => void) | undefined): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat || event.target !== document.body) return;
      if (event.key === "Enter") onEnter?.();
      if (event.key === "Escape") onEscape?.();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [onEnter, onEscape]);
}

/** Its words: images are attached anew. */
function lastSent(session: ConversationSession): Draft | null {
  for (const event of session.store.getState().events.toReversed()) {
    if (isKnown(event) && event.kind === "MessageEvent" && event.source === "user")
      return { ...emptyDraft, text: plainText(event.llm_message.content) };
  }
  return null;
}
