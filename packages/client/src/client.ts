import {
  type ConfirmationPolicy,
  type ConfirmationResponse,
  ConversationInfo,
  ConversationPage,
  type ConversationsQuery,
  type CreateConversationRequest,
  EventPage,
  MessageAccepted,
  ModelNames,
  Queue,
  QueuedMessage,
  SecretList,
  type SecretPatch,
  ProbeReport,
  type ProbeRequest,
  type SendMessageRequest,
  SettingsInfo,
  type SettingsPatch,
  type StoredEvent,
  Success,
  type SwitchModelRequest,
  CleanupResult,
  SystemInfo,
  type UpdateConversationRequest,
  UsageReport,
} from "@openhands/protocol";
import { readEvent } from "./read-event.ts";
import { type AnswerReader, createRequest, type Request } from "./request.ts";

export interface ClientOptions {
  /** origin of the server, e.g. `http://127.0.0.1:3000`; empty: the origin of the page */
  readonly baseUrl: string;
  /** what programs present; a page leaves it out and has its cookie */
  readonly sessionApiKey?: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** As the protocol's `ConversationsQuery`, every field optional. */
export type PageQuery = Partial<ConversationsQuery>;

/** As the protocol's `EventQuery`, every field optional. */
export interface EventSearch {
  readonly after_seq?: number;
  readonly before_seq?: number;
  /** 1 to 100 */
  readonly limit?: number;
  readonly sort_order?: "TIMESTAMP" | "TIMESTAMP_DESC";
  readonly kind?: string;
  readonly source?: string;
  readonly body?: string;
  readonly page_id?: string;
}

/** The server's HTTP calls. Every method rejects with an `ApiError`. */
export type Client = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions) {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const request = createRequest({
    baseUrl,
    sessionApiKey: options.sessionApiKey,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  });
  const verb = (name: string) => (id: string) =>
    request(`${conversationPath(id)}/${name}`, Success, { method: "POST" });
  return {
    baseUrl,
    sessionApiKey: options.sessionApiKey,
    conversations: conversationCalls(request),
    events: eventCalls(request, baseUrl),
    confirmation: confirmationCalls(request),
    queue: queueCalls(request),
    /** Starts the agent on what it has. `wrong_state` when it is running already. */
    run: verb("run"),
    /** Stops before the next step; what is going on is finished first. */
    pause: verb("pause"),
    /** Stops now: the model's answer is dropped, the running command is ended. */
    interrupt: verb("interrupt"),
    /** Lets the sandbox go; log and workspace stay. */
    suspend: verb("suspend"),
    /** Begins the next try of the model call without waiting; `wrong_state` when none is waited for. */
    retryNow: verb("retry_now"),
    /** The conversation goes on with another model. */
    switchModel: (id: string, body: SwitchModelRequest) =>
      request(`${conversationPath(id)}/switch_llm`, Success, { method: "POST", body }),
    /** Brings the sandbox back, also after it failed. */
    resume: verb("resume"),
    /** Text that the agent ended its last turn with; empty when there is none. */
    finalResponse: async (id: string): Promise<string> =>
      request(`${conversationPath(id)}/agent_final_response`, finalResponse),
    settings: {
      get: () => request("/api/settings", SettingsInfo),
      patch: (patch: SettingsPatch) =>
        request("/api/settings", SettingsInfo, { method: "PATCH", body: patch }),
    },
    secrets: {
      /** Names and what is known of them; never a value. */
      list: () => request("/api/secrets", SecretList),
      /** Makes or changes one; without a value, it keeps its own. */
      put: (name: string, patch: SecretPatch) =>
        request(`/api/secrets/${encodeURIComponent(name)}`, nothing, { method: "PUT", body: patch }),
      remove: (name: string) =>
        request(`/api/secrets/${encodeURIComponent(name)}`, nothing, { method: "DELETE" }),
      /** Encrypts everything with a new master key. */
      rotate: () => request("/api/secrets/rotate", nothing, { method: "POST" }),
    },
    models: {
      /** Names that are known; any other may be used as well. */
      names: () => request("/api/options/models", ModelNames),
      /** Tries a model with a few short questions; what is left out is that of the settings. */
      probe: (body: ProbeRequest) => request("/api/models/probe", ProbeReport, { method: "POST", body }),
    },
    /** What the model calls took and cost, by day, model and use. */
    usage: () => request("/api/usage", UsageReport),
    system: {
      get: () => request("/api/system", SystemInfo),
      cleanUp: () => request("/api/system/cleanup", CleanupResult, { method: "POST" }),
    },
    /** Exchanges the one-time code of a printed link for the page's cookie. */
    signIn: (code: string): Promise<void> =>
      request("/api/auth/sign-in", nothing, { method: "POST", body: { code } }),
  };
}

function conversationCalls(request: Request) {
  return {
    create: (body: CreateConversationRequest = {}) =>
      request("/api/conversations", ConversationInfo, { method: "POST", body }),
    search: (query: PageQuery = {}, signal?: AbortSignal) =>
      request("/api/conversations/search", ConversationPage, { query: { ...query }, signal }),
    get: (id: string, signal?: AbortSignal) => request(conversationPath(id), ConversationInfo, { signal }),
    update: (id: string, body: UpdateConversationRequest) =>
      request(conversationPath(id), ConversationInfo, { method: "PATCH", body }),
    /** To the trash, for 24 hours. */
    remove: (id: string): Promise<void> => request(conversationPath(id), nothing, { method: "DELETE" }),
    /** Back from the trash. */
    restore: (id: string) => request(`${conversationPath(id)}/restore`, ConversationInfo, { method: "POST" }),
  };
}

function eventCalls(request: Request, baseUrl: string) {
  return {
    /** Resolves once the message is on disk. With `run` the agent goes on with it at once. */
    send: (id: string, message: SendMessageRequest) =>
      request(`${conversationPath(id)}/events`, MessageAccepted, { method: "POST", body: message }),
    search: async (id: string, query: EventSearch = {}): Promise<EventPage> => {
      const page = await request(`${conversationPath(id)}/events/search`, EventPage, { query: { ...query } });
      return { ...page, items: page.items.map((item): StoredEvent => readEvent(item)) };
    },
    /** Address of the whole output of a tool, for a link: by the id of the observation or of its action. */
    outputUrl: (id: string, eventId: string): string =>
      `${baseUrl}${conversationPath(id)}/events/${encodeURIComponent(eventId)}/output`,
    /** Address of what an event refers to as `attachment:<name>`, for an image or a link. */
    attachmentUrl: (id: string, name: string): string =>
      `${baseUrl}${conversationPath(id)}/attachments/${encodeURIComponent(name)}`,
    count: (id: string, query: EventSearch = {}) =>
      request(`${conversationPath(id)}/events/count`, count, { query: { ...query } }),
  };
}

function confirmationCalls(request: Request) {
  const post = (path: string, body: object) => request(path, Success, { method: "POST", body });
  return {
    /** Answers the actions that wait. `wrong_state` when none does. */
    respond: (id: string, response: ConfirmationResponse) =>
      post(`${conversationPath(id)}/events/respond_to_confirmation`, response),
    setPolicy: (id: string, policy: ConfirmationPolicy) =>
      post(`${conversationPath(id)}/confirmation_policy`, { policy }),
    setAnalyzer: (id: string, analyzer: string | null) =>
      post(`${conversationPath(id)}/security_analyzer`, {
        security_analyzer: analyzer === null ? null : { kind: analyzer },
      }),
  };
}

/** Messages that wait for the end of the turn, by their number `n`. */
function queueCalls(request: Request) {
  const path = (id: string, n: number): string => `${conversationPath(id)}/queue/${n}`;
  return {
    list: (id: string) => request(`${conversationPath(id)}/queue`, Queue),
    change: (id: string, n: number, content: SendMessageRequest["content"]) =>
      request(path(id, n), QueuedMessage, { method: "PATCH", body: { content } }),
    remove: (id: string, n: number) => request(path(id, n), Success, { method: "DELETE" }),
  };
}

const conversationPath = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;

const nothing: AnswerReader<void> = { parse: () => undefined };

const count: AnswerReader<number> = {
  parse: (value) => {
    if (typeof value === "number") return value;
    throw new TypeError("a count is a number");
  },
};

const finalResponse: AnswerReader<string> = {
  parse: (value) => {
    if (typeof value === "object" && value !== null && "response" in value) {
      if (typeof value.response === "string") return value.response;
    }
    throw new TypeError("a final response is a text");
  },
};
