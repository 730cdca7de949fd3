/** Ports that are listened on in a sandbox, and the way for a browser to see them. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { PortList, PreviewLink } from "@openhands/protocol";
import * as z from "zod";
import { answer, errors, idParameter } from "./answers.ts";
import { seenAt } from "../previews/previews.ts";
import type { RouteContext } from "./context.ts";

const list = createRoute({
  method: "get",
  path: "/api/conversations/{id}/ports",
  request: { params: idParameter },
  responses: { 200: answer("in rising order; none where no sandbox runs", PortList), ...errors },
});

const open = createRoute({
  method: "post",
  path: "/api/conversations/{id}/ports/{port}/open",
  request: { params: idParameter.extend({ port: z.coerce.number().int().min(1).max(65_535) }) },
  responses: {
    200: answer("a link that lets one browser in, once, within five minutes", PreviewLink),
    ...errors,
  },
});

export function portRoutes(app: OpenAPIHono, { sessions, previews, origin }: RouteContext): void {
  app.openapi(list, async (c) => {
    const session = await sessions.open(c.req.valid("param").id);
    const ports = await session.sandbox.ports();
    return c.json({ items: ports.map((port) => ({ port })) }, 200);
  });
  app.openapi(open, async (c) => {
    const { id, port } = c.req.valid("param");
    await sessions.open(id);
    const asked = { host: c.req.header("host"), "x-forwarded-proto": c.req.header("x-forwarded-proto") };
    return c.json({ url: previews.link({ id, port }, seenAt({ headers: asked }, origin())) }, 200);
  });
}
