/** Secrets under two names: ours, and that of V1's clients. No call answers with a value. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  AppError,
  ConversationSecrets,
  SecretList,
  SecretName,
  SecretPatch,
  Success,
} from "@openhands/protocol";
import * as z from "zod";
import { answer, body, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const places = ["/api/secrets", "/api/settings/secrets"] as const;
const nameParameter = z.object({ name: SecretName });
/** Of one that may be made: a name that does not fit is told as what it is. */
const newNameParameter = z.object({ name: z.string() });

const list = (place: (typeof places)[number]) =>
  createRoute({
    method: "get",
    path: place,
    responses: { 200: answer("names and descriptions", SecretList), ...errors },
  });

const put = (place: (typeof places)[number]) =>
  createRoute({
    method: "put",
    path: `${place}/{name}`,
    request: { params: newNameParameter, body: body(SecretPatch) },
    responses: { 200: answer("kept", Success), ...errors },
  });

const putNamed = createRoute({
  method: "put",
  path: "/api/settings/secrets",
  request: { body: body(SecretPatch.extend({ name: SecretName })) },
  responses: { 200: answer("kept", Success), ...errors },
});

const remove = (place: (typeof places)[number]) =>
  createRoute({
    method: "delete",
    path: `${place}/{name}`,
    request: { params: nameParameter },
    responses: { 200: answer("gone", Success), ...errors },
  });

const rotate = createRoute({
  method: "post",
  path: "/api/secrets/rotate",
  responses: { 200: answer("everything is encrypted with a new master key", Success), ...errors },
});

const putOwn = createRoute({
  method: "post",
  path: "/api/conversations/{id}/secrets",
  request: { params: idParameter, body: body(z.object({ secrets: ConversationSecrets })) },
  responses: { 200: answer("kept for this conversation", Success), ...errors },
});

export function secretRoutes(app: OpenAPIHono, { secrets, sessions }: RouteContext): void {
  for (const place of places) {
    app.openapi(list(place), (c) => c.json(secrets.list(), 200));
    app.openapi(put(place), async (c) => {
      await secrets.put(fittingName(c.req.valid("param").name), c.req.valid("json"));
      return c.json({ success: true as const }, 200);
    });
    app.openapi(remove(place), async (c) => {
      await secrets.remove(c.req.valid("param").name);
      return c.json({ success: true as const }, 200);
    });
  }
  app.openapi(putNamed, async (c) => {
    const { name, ...patch } = c.req.valid("json");
    await secrets.put(name, patch);
    return c.json({ success: true as const }, 200);
  });
  app.openapi(rotate, async (c) => {
    await secrets.rotate();
    return c.json({ success: true as const }, 200);
  });
  app.openapi(putOwn, async (c) => {
    const { log } = await sessions.open(c.req.valid("param").id);
    await secrets.putOwn(log.conversationId, c.req.valid("json").secrets);
    return c.json({ success: true as const }, 200);
  });
}

/** @throws AppError `invalid` */
function fittingName(given: string): string {
  const name = SecretName.safeParse(given);
  if (name.success) return name.data;
  throw new AppError("invalid", `name: ${name.error.issues[0]?.message ?? "does not fit"}`);
}
