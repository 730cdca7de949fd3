/** Signing in and out, and new links. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { AppError, SignInLink, SignInRequest } from "@openhands/protocol";
import type { Context } from "hono";
import { answer, body, errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

/** The one call under /api that is open: it is how access is got. */
export const signInPath = "/api/auth/sign-in";

const signIn = createRoute({
  method: "post",
  path: signInPath,
  request: { body: body(SignInRequest) },
  responses: { 204: { description: "the cookie is set" }, ...errors },
});

const signOut = createRoute({
  method: "post",
  path: "/api/auth/sign-out",
  responses: { 204: { description: "the cookie is revoked" }, ...errors },
});

const link = createRoute({
  method: "post",
  path: "/api/auth/link",
  responses: {
    200: answer("a link that signs one page in, once", SignInLink),
    ...errors,
  },
});

export function accessRoutes(app: OpenAPIHono, context: RouteContext): void {
  const { signIns, gate, cookieName } = context;
  const attributes = (c: Context): string => {
    const secure = context.secureCookies || c.req.header("x-forwarded-proto") === "https";
    return `Path=${context.cookiePath}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  };
  app.openapi(signIn, async (c) => {
    if (signIns === null) return c.body(null, 204);
    const address = c.req.header("x-forwarded-for") ?? "";
    const cookie = await signIns.exchange(c.req.valid("json").code, address);
    c.header(
      "Set-Cookie",
      `${cookieName}=${cookie.value}; Max-Age=${cookie.maxAgeSeconds}; ${attributes(c)}`,
    );
    return c.body(null, 204);
  });
  app.openapi(signOut, async (c) => {
    const cookies = gate.cookies({ method: "POST", header: (name) => c.req.header(name) });
    for (const cookie of cookies) await signIns?.revoke(cookie);
    c.header("Set-Cookie", `${cookieName}=; Max-Age=0; ${attributes(c)}`);
    return c.body(null, 204);
  });
  app.openapi(link, (c) => {
    if (signIns === null)
      throw new AppError("wrong_state", "This server asks for no key, so its address is enough.");
    return c.json({ link: `${context.origin()}/#code=${signIns.newCode()}` }, 200);
  });
}
