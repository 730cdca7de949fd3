import { createHash } from "node:crypto";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  ConversationId,
  ConversationInfo,
  ConversationPage,
  ConversationsFilter,
  ConversationsFound,
  ConversationsQuery,
  Count,
  CreateConversationRequest,
  Success,
  UpdateConversationRequest,
} from "@openhands/protocol";
import type { ListingFilter } from "@openhands/store";
import * as z from "zod";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const create = createRoute({
  method: "post",
  path: "/api/conversations",
  request: {
    body: body(CreateConversationRequest),
    headers: z.object({ "idempotency-key": z.string().min(1).max(200).optional() }),
  },
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
    query: ConversationsQuery,
  },
  responses: { 200: answer("a page, newest first unless asked otherwise", ConversationPage), ...errors },
});

const count = createRoute({
  method: "get",
  path: "/api/conversations/count",
  request: { query: ConversationsFilter },
  responses: { 200: answer("how many", Count), ...errors },
});

const some = createRoute({
  method: "get",
  path: "/api/conversations",
  request: { query: z.object({ ids: z.union([ConversationId, z.array(ConversationId).max(100)]) }) },
  responses: {
    200: answer("in the order asked for, null for unknown ones", ConversationsFound),
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

const restore = createRoute({
  method: "post",
  path: "/api/conversations/{id}/restore",
  request: { params: idParameter },
  responses: { 200: answer("back from the trash", ConversationInfo), ...errors },
});

export function conversationRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(create, async (c) => {
    const request = c.req.valid("json");
    const key = c.req.valid("header")["idempotency-key"];
    const once = key !== undefined && request.conversation_id == null;
    const named = once ? { ...request, conversation_id: idForKey(key) } : request;
    const { session, fresh } = await sessions.create(named, { once });
    c.set("conversation", session.log.conversationId);
    return c.json(session.info, fresh ? 201 : 200);
  });
  app.openapi(search, async (c) => {
    const { limit, page_id: pageId, sort_order: order, ...filter } = c.req.valid("query");
    const page = await sessions.list({
      ...listingFilter(filter),
      limit,
      pageId: pageId ?? null,
      orderBy: order.startsWith("CREATED") ? "created_at" : "updated_at",
      descending: order.endsWith("_DESC"),
    });
    return c.json(page, 200);
  });
  app.openapi(count, async (c) => c.json(await sessions.count(listingFilter(c.req.valid("query"))), 200));
  app.openapi(some, async (c) => {
    const ids = [c.req.valid("query").ids].flat();
    return c.json(await Promise.all(ids.map(async (id) => await sessions.find(id))), 200);
  });
  app.openapi(get, async (c) => c.json((await sessions.open(c.req.valid("param").id)).info, 200));
  app.openapi(update, async (c) => {
    const session = await sessions.update(c.req.valid("param").id, c.req.valid("json"));
    return c.json(session.info, 200);
  });
  app.openapi(restore, async (c) => c.json((await sessions.restore(c.req.valid("param").id)).info, 200));
  app.openapi(remove, async (c) => {
    await sessions.remove(c.req.valid("param").id, c.req.valid("query").purge === "true");
    return c.json({ success: true as const }, 200);
  });
}

/** The same key names the same conversation, also after a restart, and nothing has to be kept for it. */
function idForKey(key: string): ConversationId {
  const digest = createHash("sha256").update(`idempotency-key ${key}`).digest("hex");
  return ConversationId.parse(digest.slice(0, 32));
}

function listingFilter({ status, query }: ConversationsFilter): ListingFilter {
  return { status: status ?? null, query: query ?? null };
}
