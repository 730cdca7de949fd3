import { waitsFor } from "@openhands/protocol";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { ConversationSession } from "./conversation-session.ts";
import type { ConversationView } from "./conversation-view.ts";
import { type StatusWords, statusWords } from "./status-words.ts";

/** What is happening, in words; drawn again only when the words change. */
export function useStatus(session: ConversationSession): StatusWords {
  return useStore(session.store, useShallow(statusOf));
}

const waitingForServer: StatusWords = { words: "Asking the server", tone: "idle", since: null, until: null };

function statusOf(view: ConversationView): StatusWords {
  const { info, folded } = view;
  if (!info) return waitingForServer;
  const [openAction = null] = folded.openActions.values();
  return statusWords({
    executionStatus: info.execution_status,
    sandbox: info.sandbox,
    wait: waitsFor({
      state: { ...folded, executionStatus: info.execution_status },
      running: info.execution_status === "running",
      sandbox: info.sandbox,
      model: info.llm_model,
    }),
    retry: info.retry,
    pausing: info.pausing,
    openAction,
    streaming: view.streaming,
    lastEventAt: folded.updatedAt,
    hasMessages: info.last_user_message_id !== null || folded.lastUserMessageId !== null,
    notice: info.notice,
  });
}
