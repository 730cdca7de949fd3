import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  AppError,
  Count,
  EventPage,
  EventQuery,
  MessageAccepted,
  SendMessageRequest,
  SomeEvents,
  WireEvent,
} from "@openhands/protocol";
import type { EventFilter, EventLog } from "@openhands/store";
import * as z from "zod";
import { seqSince } from "../conversations/seq-since.ts";
import { answer, body, errors, idParameter } from "./answers.ts";
import { bodyOfGet } from "./body-of-get.ts";
import type { RouteContext } from "./context.ts";

const send = createRoute({
  method: "post",
  path: "/api/conversations/{id}/events",
  request: { params: idParameter, body: body(SendMessageRequest) },
  responses: { 200: answer("on disk", MessageAccepted), ...errors },
});

const search = createRoute({
  method: "get",
  path: "/api/conversations/{id}/events/search",
  request: { params: idParameter, query: EventQuery },
  responses: { 200: answer("a page of the log", EventPage), ...errors },
});

const count = createRoute({
  method: "get",
  path: "/api/conversations/{id}/events/count",
  request: { params: idParameter, query: EventQuery },
  responses: { 200: answer("how many fit", Count), ...errors },
});

const someIds = z.union([z.string(), z.array(z.string()).max(100)]);

const some = createRoute({
  method: "get",
  path: "/api/conversations/{id}/events",
  request: {
    params: idParameter,
    query: z.object({ ids: someIds.optional() }),
  },
  responses: { 200: answer("in the order asked for, null for unknown ones", SomeEvents), ...errors },
});

const get = createRoute({
  method: "get",
  path: "/api/conversations/{id}/events/{event_id}",
  request: { params: idParameter.extend({ event_id: z.string() }) },
  responses: { 200: answer("the event", WireEvent), ...errors },
});

export function eventRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(send, async (c) => {
    const { event, n } = await sessions.send(c.req.valid("param").id, c.req.valid("json"));
    const accepted = { success: true as const, event_id: event.id, seq: event.seq };
    return c.json(n === null ? accepted : { ...accepted, n }, 200);
  });
  app.openapi(search, async (c) => {
    const { log } = await sessions.open(c.req.valid("param").id);
    const query = c.req.valid("query");
    const descending = query.sort_order === "TIMESTAMP_DESC";
    const filter = await eventFilter(query, log);
    const first = query.page_id === undefined ? null : await log.get(query.page_id);
    const from =
      first === null ? {} : descending ? { beforeSeq: first.seq + 1 } : { afterSeq: first.seq - 1 };
    const order = descending ? "descending" : "ascending";
    const items = await log.page({ ...filter, ...from, limit: query.limit + 1, order });
    return c.json({ items: items.slice(0, query.limit), next_page_id: items[query.limit]?.id ?? null }, 200);
  });
  app.openapi(count, async (c) => {
    const { log } = await sessions.open(c.req.valid("param").id);
    return c.json(await log.count(await eventFilter(c.req.valid("query"), log)), 200);
  });
  app.openapi(some, async (c) => {
    const { log } = await sessions.open(c.req.valid("param").id);
    const ids = c.req.valid("query").ids ?? (await bodyOfGet(c, someIds));
    return c.json(await Promise.all([ids].flat().map(async (id) => await log.get(id))), 200);
  });
  app.openapi(get, async (c) => {
    const { id, event_id: eventId } = c.req.valid("param");
    const event = await (await sessions.open(id)).log.get(eventId);
    if (event === null) throw new AppError("not_found", "There is no such event in this conversation.");
    return c.json(event, 200);
  });
}

async function eventFilter(query: EventQuery, log: EventLog): Promise<EventFilter> {
  const from = query.timestamp__gte === undefined ? 0 : await seqSince(log, Date.parse(query.timestamp__gte));
  const { timestamp__lt: until, before_seq: before = Infinity } = query;
  const end = until === undefined ? before : Math.min(before, await seqSince(log, Date.parse(until)));
  return {
    afterSeq: Math.max(query.after_seq ?? -1, from - 1),
    ...(end === Infinity ? {} : { beforeSeq: end }),
    ...(query.kind === undefined ? {} : { kind: query.kind.split(".").at(-1) ?? query.kind }),
    ...(query.source === undefined ? {} : { source: query.source }),
    ...(query.body === undefined ? {} : { body: query.body }),
  };
}
