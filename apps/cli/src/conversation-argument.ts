import { AppError, ConversationId } from "@openhands/protocol";

/** @throws AppError `bad_request` for none, more than one, or one that is no id */
export function conversationArgument(words: readonly string[], usage: string): ConversationId {
  if (words.length !== 1) throw new AppError("bad_request", usage);
  const id = ConversationId.safeParse(words[0]);
  if (id.success) return id.data;
  throw new AppError(
    "bad_request",
    `'${words[0]}' is no id of a conversation: it has 32 hex digits. \`openhands ls\` lists them.`,
  );
}
