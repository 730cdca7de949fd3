import {
  CondenseResult,
  ConversationInfo,
  ConversationPage,
  type ConversationSearch,
  type ConversationsFilter,
  ConversationsFound,
  Count,
  type CreateConversationRequest,
  FinalResponse,
  Success,
  type SwitchModelRequest,
  type UpdateConversationRequest,
} from "@openhands/protocol";
import { type Connection, nothing } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

export function conversationCalls({ request, download }: Connection) {
  return {
    create: (body: CreateConversationRequest = {}) =>
      request("/api/conversations", ConversationInfo, { method: "POST", body }),
    search: (query: ConversationSearch = {}, signal?: AbortSignal) =>
      request("/api/conversations/search", ConversationPage, { query: { ...query }, signal }),
    count: (filter: ConversationsFilter = {}) =>
      request("/api/conversations/count", Count, { query: { ...filter } }),
    some: (ids: readonly string[]) => request("/api/conversations", ConversationsFound, { query: { ids } }),
    get: (id: string, signal?: AbortSignal) => request(conversationPath(id), ConversationInfo, { signal }),
    update: (id: string, body: UpdateConversationRequest) =>
      request(conversationPath(id), ConversationInfo, { method: "PATCH", body }),
    /** To the trash, for 24 hours; with `purge` gone at once. */
    remove: (id: string, { purge = false } = {}): Promise<void> =>
      request(conversationPath(id), nothing, { method: "DELETE", query: purge ? { purge: "true" } : {} }),
    /** Back from the trash. */
    restore: (id: string) => request(`${conversationPath(id)}/restore`, ConversationInfo, { method: "POST" }),
    /** `{trajectory}` as JSON: messages, actions and what answered them, redacted. */
    trajectory: (id: string) => download(`${conversationPath(id)}/trajectory`),
    /** A zip archive, redacted. */
    export: (id: string) => download(`${conversationPath(id)}/export`),
  };
}

/** What can be done with one that is there, by the names of the contract. */
export function runCalls({ request }: Connection) {
  const verb = (name: string) => (id: string) =>
    request(`${conversationPath(id)}/${name}`, Success, { method: "POST" });
  return {
    /** Starts the agent on what it has. `wrong_state` when it is running already. */
    run: verb("run"),
    /** Stops before the next step; what is going on is finished first. */
    pause: verb("pause"),
    /** Stops now: the model's answer is dropped, the running command is ended. */
    interrupt: verb("interrupt"),
    /** Tells the model what came before in short. While a run is going, before its next request. */
    condense: (id: string) => request(`${conversationPath(id)}/condense`, CondenseResult, { method: "POST" }),
    /** Lets the sandbox go; log and workspace stay. */
    suspend: verb("suspend"),
    /** Brings the sandbox back, also after it failed. */
    resume: verb("resume"),
    /** Begins the next try of the model call without waiting; `wrong_state` when none is waited for. */
    retryNow: verb("retry_now"),
    /** The conversation goes on with another model. */
    switchModel: (id: string, body: SwitchModelRequest) =>
      request(`${conversationPath(id)}/switch_llm`, Success, { method: "POST", body }),
    finalResponse: async (id: string): Promise<string> =>
      (await request(`${conversationPath(id)}/agent_final_response`, FinalResponse)).response,
  };
}
