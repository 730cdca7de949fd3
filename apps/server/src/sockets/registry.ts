/**
 * The sockets of the API, as the OpenAPI document has them: each a GET that is upgraded. A new one: an entry here, and
 * whoever serves it in `upgrade.ts`.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { ConversationId } from "@openhands/protocol";
import * as z from "zod";
import { errors } from "../routes/answers.ts";

const key = { session_api_key: z.string().optional() };

export const sockets = {
  events: {
    description:
      "a WebSocket: the whole state, then the log after `after_seq`, then what happens, each event once. A frame of the client is a message",
    query: z.object({
      ...key,
      after_seq: z.string().optional(),
      resend_mode: z.enum(["all", "since"]).optional(),
      after_timestamp: z.string().optional(),
    }),
  },
  terminal: {
    description:
      "a WebSocket: a shell in the sandbox. Binary frames are its bytes; `session` comes back to one that was left",
    query: z.object({
      ...key,
      cols: z.string().optional(),
      rows: z.string().optional(),
      session: z.string().optional(),
    }),
  },
} as const;

export type SocketNoun = keyof typeof sockets;

/** Puts what is reached by an upgrade into the OpenAPI document, each marked as `x-socket`. */
export function documentSockets(app: OpenAPIHono): void {
  const id = z.object({ id: z.string() });
  const upgraded = (description: string) => ({ 101: { description }, ...errors });
  for (const [noun, { description, query }] of Object.entries(sockets)) {
    app.openAPIRegistry.registerPath({
      method: "get",
      path: `/sockets/${noun}/{id}`,
      request: { params: id, query },
      responses: upgraded(description),
      "x-socket": true,
    });
  }
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/conversations/{id}/ports/{port}/{path}",
    request: { params: id.extend({ port: z.string(), path: z.string() }) },
    responses: {
      200: { description: "whatever the server on that port of the sandbox answers, by any method and path" },
      ...upgraded("a WebSocket of that server"),
    },
    "x-socket": true,
  });
}

/** Which socket a path names; `id` is null where it is none. */
export function socketOfPath(path: string): { noun: SocketNoun; id: ConversationId | null } | null {
  const [, noun = "", named] = /^\/sockets\/([^/]*)\/([^/]*)$/.exec(path) ?? [];
  if (!isNoun(noun)) return null;
  const id = ConversationId.safeParse(named);
  return { noun, id: id.success ? id.data : null };
}

const isNoun = (noun: string): noun is SocketNoun => Object.hasOwn(sockets, noun);
