import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { SettingsInfo, SettingsPatch } from "@openhands/protocol";
import { answer, body, errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const get = createRoute({
  method: "get",
  path: "/api/settings",
  responses: { 200: answer("the settings; never a key", SettingsInfo), ...errors },
});

const patch = createRoute({
  method: "patch",
  path: "/api/settings",
  request: { body: body(SettingsPatch) },
  responses: { 200: answer("as they are now", SettingsInfo), ...errors },
});

export function settingsRoutes(app: OpenAPIHono, { settings, sessions }: RouteContext): void {
  app.openapi(get, async (c) => c.json(await settings.info(), 200));
  app.openapi(patch, async (c) => {
    await settings.patch(c.req.valid("json"));
    sessions.settingsChanged();
    return c.json(await settings.info(), 200);
  });
}
