/** What was said and done in a conversation, as one document; from the log alone, so without an engine. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { StoredEvent } from "@openhands/protocol";
import { errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";
import { streamed } from "./streamed.ts";

/** gathered before they are sent: what can't be read is then mostly known before the answer begins */
const pieceCharacters = 64 * 1024;

const trajectory = createRoute({
  method: "get",
  path: "/api/conversations/{id}/trajectory",
  request: { params: idParameter },
  responses: {
    200: { description: "`{trajectory}`: messages, actions and what answered them, redacted, as JSON" },
    ...errors,
  },
});

/** Ours, and that of V1's clients. */
const archivePlaces = ["/api/conversations/{id}/export", "/api/file/download-trajectory/{id}"] as const;

const archive = (path: (typeof archivePlaces)[number]) =>
  createRoute({
    method: "get",
    path,
    request: { params: idParameter },
    responses: {
      200: {
        description:
          "a zip archive, redacted: events.json, metadata.json, trajectory.json, whole outputs, attachments, and the workspace; where that can't be had, workspace-missing.txt says why",
      },
      ...errors,
    },
  });

export function trajectoryRoutes(app: OpenAPIHono, { sessions, logger }: RouteContext): void {
  app.openapi(trajectory, async (c) => {
    const events = await sessions.trajectory(c.req.valid("param").id);
    const headers = { "Content-Type": "application/json" };
    return await streamed(c, logger, { content: documentOf(events), headers });
  });
  for (const place of archivePlaces) {
    app.openapi(archive(place), async (c) => {
      const { id } = c.req.valid("param");
      const headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": `attachment; filename="conversation-${id}.zip"`,
      };
      return await streamed(c, logger, { content: await sessions.export(id), headers });
    });
  }
}

async function* documentOf(events: AsyncIterable<StoredEvent>): AsyncGenerator<string> {
  let piece = '{"trajectory": [';
  let joint = "\n";
  for await (const event of events) {
    piece += joint + JSON.stringify(event);
    joint = ",\n";
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}\n]}\n`;
}
