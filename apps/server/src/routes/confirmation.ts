/** When a person is asked before an action is executed, and what they answer. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  ConfirmationPolicyRequest,
  ConfirmationResponse,
  SecurityAnalyzerRequest,
  Success,
} from "@openhands/protocol";
import { setConfirmationPolicy, setSecurityAnalyzer } from "../conversations/confirm.ts";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const respond = createRoute({
  method: "post",
  path: "/api/conversations/{id}/events/respond_to_confirmation",
  request: { params: idParameter, body: body(ConfirmationResponse) },
  responses: { 200: answer("answered", Success), ...errors },
});

const policy = createRoute({
  method: "post",
  path: "/api/conversations/{id}/confirmation_policy",
  request: { params: idParameter, body: body(ConfirmationPolicyRequest) },
  responses: { 200: answer("in force from the next action on", Success), ...errors },
});

const analyzer = createRoute({
  method: "post",
  path: "/api/conversations/{id}/security_analyzer",
  request: { params: idParameter, body: body(SecurityAnalyzerRequest) },
  responses: { 200: answer("in force from the next action on", Success), ...errors },
});

export function confirmationRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(respond, async (c) => {
    await sessions.respondToConfirmation(c.req.valid("param").id, c.req.valid("json"));
    return c.json({ success: true as const }, 200);
  });
  app.openapi(policy, async (c) => {
    const session = await sessions.open(c.req.valid("param").id);
    await setConfirmationPolicy(session, c.req.valid("json").policy);
    return c.json({ success: true as const }, 200);
  });
  app.openapi(analyzer, async (c) => {
    const session = await sessions.open(c.req.valid("param").id);
    await setSecurityAnalyzer(session, c.req.valid("json").security_analyzer?.kind ?? null);
    return c.json({ success: true as const }, 200);
  });
}
