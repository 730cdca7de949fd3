import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { ConversationSession } from "./conversation-session.ts";
import type { ConversationView } from "./conversation-view.ts";
import { type StatusWords, statusWords } from "./status-words.ts";

/** What is happening, in words; drawn again only when the words change. */
export function useStatus(session: ConversationSession): StatusWords {
  return useStore(session.store, useShallow(statusOf));
}

const waitingForServer: StatusWords = { words: "Asking the server", tone: "idle", since: null };

function statusOf(view: ConversationView): StatusWords {
  const { info, folded } = view;
  if (!info) return waitingForServer;
  const [openAction = null] = folded.openActions.values();
  return statusWords({
    executionStatus: info.execution_status,
    sandbox: info.sandbox,
    openAction,
    streaming: view.streaming,
    lastEventAt: folded.updatedAt,
    hasMessages: info.last_user_message_id !== null || folded.lastUserMessageId !== null,
    notice: info.retry ? "Waiting to ask the model again" : info.notice,
  });
}
