/** The model of a conversation: another one, or the same one sooner. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { Success, SwitchModelRequest } from "@openhands/protocol";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const retryNow = createRoute({
  method: "post",
  path: "/api/conversations/{id}/retry_now",
  request: { params: idParameter },
  responses: { 200: answer("the next try of the model begins", Success), ...errors },
});

const switchModel = createRoute({
  method: "post",
  path: "/api/conversations/{id}/switch_llm",
  request: { params: idParameter, body: body(SwitchModelRequest) },
  responses: { 200: answer("the next request goes to that model", Success), ...errors },
});

export function modelRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(retryNow, async (c) => {
    await sessions.retryNow(c.req.valid("param").id);
    return c.json({ success: true as const }, 200);
  });
  app.openapi(switchModel, async (c) => {
    await sessions.switchModel(c.req.valid("param").id, c.req.valid("json"));
    return c.json({ success: true as const }, 200);
  });
}
