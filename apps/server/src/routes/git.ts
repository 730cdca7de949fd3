/** What an agent changed, as git tells it. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  GitChanges,
  GitChangesQuery,
  GitDiff,
  GitDiffQuery,
  GitRevertRequest,
  Success,
} from "@openhands/protocol";
import { gitChanges, gitDiff, gitRevert } from "@openhands/sandbox";
import { borrowSandbox } from "../conversations/borrow-sandbox.ts";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const changes = createRoute({
  method: "get",
  path: "/api/conversations/{id}/git/changes",
  request: { params: idParameter, query: GitChangesQuery },
  responses: {
    200: answer("files that are others than in `ref`; none where there is no repository", GitChanges),
    ...errors,
  },
});

const diff = createRoute({
  method: "get",
  path: "/api/conversations/{id}/git/diff",
  request: { params: idParameter, query: GitDiffQuery },
  responses: { 200: answer("both sides of one file", GitDiff), ...errors },
});

const revert = createRoute({
  method: "post",
  path: "/api/conversations/{id}/git/revert",
  request: { params: idParameter, body: body(GitRevertRequest) },
  responses: { 200: answer("the file is again what it was", Success), ...errors },
});

export function gitRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(changes, async (c) => {
    using borrowed = await borrowSandbox(await sessions.open(c.req.valid("param").id));
    return c.json(await gitChanges(borrowed.sandbox, c.req.valid("query").ref), 200);
  });
  app.openapi(diff, async (c) => {
    using borrowed = await borrowSandbox(await sessions.open(c.req.valid("param").id));
    const { path, ref } = c.req.valid("query");
    return c.json(await gitDiff(borrowed.sandbox, path, ref), 200);
  });
  app.openapi(revert, async (c) => {
    using borrowed = await borrowSandbox(await sessions.open(c.req.valid("param").id));
    const { path, ref } = c.req.valid("json");
    await gitRevert(borrowed.sandbox, path, ref ?? undefined);
    return c.json({ success: true as const }, 200);
  });
}
