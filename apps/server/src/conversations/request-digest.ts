import { createHash } from "node:crypto";
import type { CreateConversationRequest } from "@openhands/protocol";

/**
 * Tells one request from another, however their fields are ordered. Of secrets only the names count: a digest of a short
 * value in the log would give it away to whoever tries values.
 */
export function requestDigest(request: CreateConversationRequest): string {
  const { agent, secrets, ...rest } = request;
  const hidden = {
    ...rest,
    agent: agent && { ...agent, llm: agent.llm && { ...agent.llm, api_key: null } },
    secrets: Object.keys(secrets ?? {}),
  };
  return createHash("sha256").update(JSON.stringify(hidden, inOrder)).digest("hex");
}

/** What is no object of its own, lists among it, stays as it is. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
