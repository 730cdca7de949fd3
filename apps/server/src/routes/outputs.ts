import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";
import { streamed } from "./streamed.ts";

const output = createRoute({
  method: "get",
  path: "/api/conversations/{id}/events/{event_id}/output",
  request: { params: idParameter.extend({ event_id: z.string() }) },
  responses: {
    200: {
      description: "the whole output of a tool, also where its event carries only part of it",
      content: { "text/*": { schema: z.string() } },
    },
    ...errors,
  },
});

export function outputRoutes(app: OpenAPIHono, { sessions, logger }: RouteContext): void {
  app.openapi(output, async (c) => {
    const { id, event_id: eventId } = c.req.valid("param");
    const kept = await sessions.wholeOutput(id, eventId);
    // no length is promised: a command that still prints adds to it
    const headers = { "Content-Type": "text/plain; charset=utf-8" };
    return await streamed(c, logger, { content: kept.read(), headers });
  });
}
