import { useStore } from "zustand";
import type { ConversationSession } from "../../conversation-session.ts";

/** The port that is listened on, or how many are. */
export function usePortNote({ store }: ConversationSession): string | null {
  return useStore(store, ({ info }) => {
    const ports = info?.sandbox.ports ?? [];
    if (ports.length === 0) return null;
    return String(ports.length === 1 ? ports[0] : ports.length);
  });
}
