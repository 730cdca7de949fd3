import type { ActionEvent, ConfirmationResponse } from "@openhands/protocol";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { useServices } from "../../app/services.ts";
import type { ConversationSession } from "../conversation-session.ts";

export interface Approval {
  /** at least one */
  readonly actions: readonly ActionEvent[];
  /** the keys answer: the card has been there long enough to be meant by them */
  readonly keysAnswer: boolean;
  readonly isPending: boolean;
  readonly failure: string | null;
  /** the line for the reason is open */
  readonly rejecting: boolean;
  readonly allow: (scope: NonNullable<ConfirmationResponse["scope"]>) => void;
  readonly startRejecting: () => void;
  readonly stopRejecting: () => void;
  readonly reject: (reason: string) => void;
}

/** Milliseconds in which a key that is pressed was meant for what was there before the card. */
const unread = 700;

/** What waits for the person's yes, and how it is answered; null while nothing waits. */
export function useApproval(session: ConversationSession): Approval | null {
  const { client } = useServices();
  const waiting = useStore(
    session.store,
    (view) => view.info?.execution_status === "waiting_for_confirmation",
  );
  const open = useStore(session.store, (view) => view.folded.openActions);
  const actions = useMemo(() => (waiting ? [...open.values()] : []), [waiting, open]);
  const asked = actions[0]?.id ?? null;
  const [rejected, setRejected] = useState<string | null>(null);
  const keysAnswer = useSeen(asked);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (response: ConfirmationResponse) => client.confirmation.respond(session.id, response),
  });
  if (asked === null) return null;
  // what comes to wait between this card and the answer has not been seen
  const action_ids = actions.map(({ id }) => id);
  return {
    actions,
    keysAnswer,
    isPending,
    failure: error?.message ?? null,
    rejecting: rejected === asked,
    allow: (scope) => mutate({ accept: true, scope, action_ids }),
    startRejecting: () => setRejected(asked),
    stopRejecting: () => setRejected(null),
    reject: (reason) => mutate({ accept: false, action_ids, ...(reason.trim() === "" ? {} : { reason }) }),
  };
}

/** True once the same card has been shown for a moment. */
function useSeen(asked: string | null): boolean {
  const [seen, setSeen] = useState<string | null>(null);
  useEffect(() => {
    if (asked === null) return;
    const timer = setTimeout(() => setSeen(asked), unread);
    return () => clearTimeout(timer);
  }, [asked]);
  return asked !== null && seen === asked;
}
