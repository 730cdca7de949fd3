import { Queue, QueuedMessage, type SendMessageRequest, Success } from "@openhands/protocol";
import type { Connection } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

/** Messages that wait for the end of the turn, by their number `n`. */
export function queueCalls({ request }: Connection) {
  const path = (id: string, n: number): string => `${conversationPath(id)}/queue/${n}`;
  return {
    list: (id: string) => request(`${conversationPath(id)}/queue`, Queue),
    get: (id: string, n: number) => request(path(id, n), QueuedMessage),
    change: (id: string, n: number, content: SendMessageRequest["content"]) =>
      request(path(id, n), QueuedMessage, { method: "PATCH", body: { content } }),
    remove: (id: string, n: number) => request(path(id, n), Success, { method: "DELETE" }),
    removeAll: (id: string) => request(`${conversationPath(id)}/queue`, Success, { method: "DELETE" }),
  };
}
