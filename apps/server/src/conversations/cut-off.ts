import type { EventDraft } from "@openhands/protocol";
import { statusDraft } from "./status-draft.ts";

/** The end of a run that the end of a server cut off: it waits, and the next server may take it up again. */
export const cutOffDrafts: readonly EventDraft[] = [
  statusDraft("paused"),
  { kind: "ConversationStateUpdateEvent", source: "environment", key: "cut_off", value: true },
];
