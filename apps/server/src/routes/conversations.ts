import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  ConversationId,
  ConversationInfo,
  ConversationPage,
  CreateConversationRequest,
  ExecutionStatus,
  Success,
  UpdateConversationRequest,
} from "@openhands/protocol";
import * as z from "zod";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const create = createRoute({
  method: "post",
  path: "/api/conversations",
  request: { body: body(CreateConversationRequest) },
  responses: {
    201: answer("made", ConversationInfo),
    200: answer("the id was known: that conversation", ConversationInfo),
    ...errors,
  },
});

const search = createRoute({
  method: "get",
  path: "/api/conversations/search",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(100),
      page_id: z.string().optional(),
      status: ExecutionStatus.optional(),
    }),
  },
  responses: { 200: answer("newest first", ConversationPage), ...errors },
});

const count = createRoute({
  method: "get",
  path: "/api/conversations/count",
  request: { query: z.object({ status: ExecutionStatus.optional() }) },
  responses: { 200: answer("how many", z.number().int()), ...errors },
});

const some = createRoute({
  method: "get",
  path: "/api/conversations",
  request: { query: z.object({ ids: z.union([ConversationId, z.array(ConversationId).max(100)]) }) },
  responses: {
    200: answer("in the order asked for, null for unknown ones", z.array(ConversationInfo.nullable())),
    ...errors,
  },
});

const get = createRoute({
  method: "get",
  path: "/api/conversations/{id}",
  request: { params: idParameter },
  responses: { 200: answer("the conversation", ConversationInfo), ...errors },
});

const update = createRoute({
  method: "patch",
  path: "/api/conversations/{id}",
  request: { params: idParameter, body: body(UpdateConversationRequest) },
  responses: { 200: answer("changed", ConversationInfo), ...errors },
});

const remove = createRoute({
  method: "delete",
  path: "/api/conversations/{id}",
  request: { params: idParameter, query: z.object({ purge: z.enum(["true", "false"]).default("false") }) },
  responses: { 200: answer("in the trash, or gone with purge", Success), ...errors },
});

export function conversationRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(create, async (c) => {
    const { session, fresh } = await sessions.create(c.req.valid("json"));
    return c.json(session.info, fresh ? 201 : 200);
  });
  app.openapi(search, async (c) => {
    const { limit, page_id: pageId, status } = c.req.valid("query");
    return c.json(await sessions.list({ limit, pageId: pageId ?? null, status: status ?? null }), 200);
  });
  app.openapi(count, async (c) => c.json(await sessions.count(c.req.valid("query").status ?? null), 200));
  app.openapi(some, async (c) => {
    const ids = [c.req.valid("query").ids].flat();
    return c.json(await Promise.all(ids.map(async (id) => await sessions.find(id))), 200);
  });
  app.openapi(get, async (c) => c.json((await sessions.open(c.req.valid("param").id)).info, 200));
  app.openapi(update, async (c) => {
    const session = await sessions.update(c.req.valid("param").id, c.req.valid("json"));
    return c.json(session.info, 200);
  });
  app.openapi(remove, async (c) => {
    await sessions.remove(c.req.valid("param").id, c.req.valid("query").purge === "true");
    return c.json({ success: true as const }, 200);
  });
}
