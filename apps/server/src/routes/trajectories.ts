/** What was said and done in a conversation, as one document; from the log alone, so without an engine. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { StoredEvent } from "@openhands/protocol";
import { errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const trajectory = createRoute({
  method: "get",
  path: "/api/conversations/{id}/trajectory",
  request: { params: idParameter },
  responses: {
    200: { description: "`{trajectory}`: messages, actions and what answered them, redacted, as JSON" },
    ...errors,
  },
});

const archive = createRoute({
  method: "get",
  path: "/api/conversations/{id}/export",
  request: { params: idParameter },
  responses: {
    200: {
      description:
        "a zip archive, redacted: events.json, metadata.json, trajectory.json, whole outputs, attachments, and the workspace; where that can't be had, workspace-missing.txt says why",
    },
    ...errors,
  },
});

export function trajectoryRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(trajectory, async (c) => {
    const events = await sessions.trajectory(c.req.valid("param").id);
    const body = ReadableStream.from(documentOf(events)).pipeThrough(new TextEncoderStream());
    return c.body(body, 200, { "Content-Type": "application/json" });
  });
  app.openapi(archive, async (c) => {
    const { id } = c.req.valid("param");
    return c.body(ReadableStream.from(await sessions.export(id)), 200, {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="conversation-${id}.zip"`,
    });
  });
}

async function* documentOf(events: AsyncIterable<StoredEvent>): AsyncGenerator<string> {
  yield '{"trajectory": [';
  let joint = "\n";
  for await (const event of events) {
    yield joint + JSON.stringify(event);
    joint = ",\n";
  }
  yield "\n]}\n";
}
