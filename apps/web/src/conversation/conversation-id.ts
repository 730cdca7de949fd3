/** Which conversation is drawn, for parts deep in it that link to what lies beside its log. */
import { createContext, useContext } from "react";

export const ConversationIdContext = createContext<string | null>(null);

export function useConversationId(): string {
  const id = useContext(ConversationIdContext);
  if (id === null) throw new Error("a part of a conversation was drawn outside of one");
  return id;
}
