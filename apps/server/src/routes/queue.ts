/** Messages that wait for the end of the turn. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { messageContent, Queue, QueuedMessage, SendMessageRequest, Success } from "@openhands/protocol";
import * as z from "zod";
import { changeQueued, emptyQueue, queued, unqueue } from "../conversations/queue.ts";
import { checkMessage } from "../conversations/send.ts";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const one = idParameter.extend({ n: z.coerce.number().int().positive() });

const list = createRoute({
  method: "get",
  path: "/api/conversations/{id}/queue",
  request: { params: idParameter },
  responses: { 200: answer("in the order of their delivery", Queue), ...errors },
});

const get = createRoute({
  method: "get",
  path: "/api/conversations/{id}/queue/{n}",
  request: { params: one },
  responses: { 200: answer("it waits", QueuedMessage), ...errors },
});

const change = createRoute({
  method: "patch",
  path: "/api/conversations/{id}/queue/{n}",
  request: { params: one, body: body(SendMessageRequest.pick({ content: true })) },
  responses: { 200: answer("changed", QueuedMessage), ...errors },
});

const remove = createRoute({
  method: "delete",
  path: "/api/conversations/{id}/queue/{n}",
  request: { params: one },
  responses: { 200: answer("taken out", Success), ...errors },
});

const removeAll = createRoute({
  method: "delete",
  path: "/api/conversations/{id}/queue",
  request: { params: idParameter },
  responses: { 200: answer("nothing waits any more", Success), ...errors },
});

export function queueRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(list, async (c) => {
    const { state } = await sessions.open(c.req.valid("param").id);
    return c.json([...state.queue], 200);
  });
  app.openapi(get, async (c) => {
    const { id, n } = c.req.valid("param");
    return c.json(queued(await sessions.open(id), n), 200);
  });
  app.openapi(change, async (c) => {
    const { id, n } = c.req.valid("param");
    const message = c.req.valid("json");
    checkMessage(message);
    return c.json(await changeQueued(await sessions.open(id), n, messageContent(message.content)), 200);
  });
  app.openapi(remove, async (c) => {
    const { id, n } = c.req.valid("param");
    await unqueue(await sessions.open(id), n);
    return c.json({ success: true as const }, 200);
  });
  app.openapi(removeAll, async (c) => {
    await emptyQueue(await sessions.open(c.req.valid("param").id));
    return c.json({ success: true as const }, 200);
  });
}
