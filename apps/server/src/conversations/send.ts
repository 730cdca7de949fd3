import {
  AppError,
  type EventDraft,
  messageContent,
  type SendMessageRequest,
  type StoredEvent,
} from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import { ensureRun } from "./run.ts";
import type { Session } from "./session.ts";

export function messageDraft(request: SendMessageRequest): EventDraft {
  return {
    kind: "MessageEvent",
    source: "user",
    llm_message: { role: "user", content: messageContent(request.content) },
  };
}

/**
 * Puts a message of the person on disk; with `run` it starts a run. While one is going, its next request has the
 * message (steer).
 * @throws AppError `invalid` for an empty message, `disk_full`
 */
export async function sendMessage(
  deps: Dependencies,
  session: Session,
  request: SendMessageRequest,
): Promise<StoredEvent> {
  const content = messageContent(request.content);
  if (content.every((part) => part.type === "text" && part.text.trim() === "")) {
    throw new AppError("invalid", "The message is empty.");
  }
  const [event] = await session.append([messageDraft(request)]);
  if (event === undefined) throw new Error("the log returned no row for a message");
  if (request.run === true) await ensureRun(deps, session);
  return event;
}
