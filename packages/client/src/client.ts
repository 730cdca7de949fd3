import { accessCalls } from "./calls/access.ts";
import { confirmationCalls } from "./calls/confirmation.ts";
import { conversationCalls, runCalls } from "./calls/conversations.ts";
import { eventCalls } from "./calls/events.ts";
import { mcpCalls } from "./calls/mcp.ts";
import { fileCalls } from "./calls/files.ts";
import { gitCalls } from "./calls/git.ts";
import { modelCalls } from "./calls/models.ts";
import { portCalls } from "./calls/ports.ts";
import { queueCalls } from "./calls/queue.ts";
import { secretCalls } from "./calls/secrets.ts";
import { serverCalls, settingsCalls, systemCalls, usageCall } from "./calls/system.ts";
import { connect } from "./request.ts";

export interface ClientOptions {
  /** origin of the server, e.g. `http://127.0.0.1:3000`; empty: the origin of the page */
  readonly baseUrl: string;
  /** what programs present; a page leaves it out and has its cookie */
  readonly sessionApiKey?: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** The server's HTTP calls. Every method rejects with an `ApiError`. */
export type Client = ReturnType<typeof createClient>;

/** All calls of the server, a file a noun in `calls/`; a call that is missing here fails a test of the server. */
export function createClient(options: ClientOptions) {
  const { sessionApiKey } = options;
  const connection = connect({
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    sessionApiKey,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  });
  return {
    baseUrl: connection.baseUrl,
    sessionApiKey,
    ...accessCalls(connection),
    ...runCalls(connection),
    conversations: conversationCalls(connection),
    events: eventCalls(connection),
    confirmation: confirmationCalls(connection),
    files: fileCalls(connection),
    git: gitCalls(connection),
    ports: portCalls(connection),
    queue: queueCalls(connection),
    settings: settingsCalls(connection),
    secrets: secretCalls(connection),
    mcp: mcpCalls(connection),
    models: modelCalls(connection),
    usage: usageCall(connection),
    system: systemCalls(connection),
    server: serverCalls(connection),
  };
}
