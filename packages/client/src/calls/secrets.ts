import { type ConversationSecrets, SecretList, type SecretPatch, Success } from "@openhands/protocol";
import { type Connection, nothing } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

export function secretCalls({ request }: Connection) {
  const path = (name: string): string => `/api/secrets/${encodeURIComponent(name)}`;
  return {
    /** Names and what is known of them; never a value. */
    list: () => request("/api/secrets", SecretList),
    /** Makes or changes one; without a value, it keeps its own. */
    put: (name: string, patch: SecretPatch) => request(path(name), nothing, { method: "PUT", body: patch }),
    remove: (name: string) => request(path(name), nothing, { method: "DELETE" }),
    /** Encrypts everything with a new master key. */
    rotate: () => request("/api/secrets/rotate", nothing, { method: "POST" }),
    /** For one conversation alone. */
    putOwn: (id: string, secrets: ConversationSecrets) =>
      request(`${conversationPath(id)}/secrets`, Success, { method: "POST", body: { secrets } }),
  };
}
