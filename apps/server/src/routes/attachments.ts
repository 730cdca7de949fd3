import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { AppError, attachmentType } from "@openhands/protocol";
import * as z from "zod";
import { errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const attachment = createRoute({
  method: "get",
  path: "/api/conversations/{id}/attachments/{name}",
  request: { params: idParameter.extend({ name: z.string() }) },
  responses: {
    200: {
      description: "what an event refers to as attachment:name",
      content: { "*/*": { schema: z.string() } },
    },
    ...errors,
  },
});

export function attachmentRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(attachment, async (c) => {
    const { id, name } = c.req.valid("param");
    const bytes = await (await sessions.open(id)).log.attachment(name);
    if (bytes === null) throw new AppError("not_found", "There is no such attachment in this conversation.");
    return c.body(new Uint8Array(bytes), 200, {
      "Content-Type": attachmentType(name),
      // an image from an agent may be an SVG with a script in it
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      // the name is that of the content
      "Cache-Control": "private, max-age=31536000, immutable",
    });
  });
}
