/** Servers that an agent started: found, seen by who may, told nothing that is ours. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { agentRuns } from "./agent-runs.ts";
import { probeConversation } from "./conversation-probe.ts";
import { echoServer } from "./echo-server.ts";
import { askThrough, enterThrough, type PreviewAnswer } from "./preview-client.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let id: string;

const runs = async (command: string): Promise<void> => await agentRuns(scripted, id, command);

const ask = async (url: string, headers: Record<string, string> = {}, method = "GET", body = "") =>
  await askThrough(scripted.server.url, url, { headers, method, body });

/** What the server in the sandbox saw. */
function askedOf({ body }: PreviewAnswer): {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
} {
  const { asked, body: given } = JSON.parse(body) as { asked: string; body: string };
  return {
    ...(JSON.parse(asked) as { method: string; url: string; headers: Record<string, string> }),
    body: given,
  };
}

const client = () => scripted.server.client;

/** The origin of a port's preview, and the cookie for it. */
const enter = async (port: number) =>
  await enterThrough(scripted.server.url, (await client().ports.open(id, port)).url);

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
    ({ id } = await scripted.server.client.conversations.create());
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  describe("a server in a sandbox", () => {
    beforeAll(async () => {
      await client().files.write(id, "echo.cjs", echoServer);
      using probe = probeConversation(client(), id);
      await runs("(node echo.cjs 4100 & node echo.cjs 4200 & sleep 1000) >/dev/null 2>&1 &");
      await probe.state(({ sandbox }) => sandbox?.ports?.join() === "4100,4200");
      expect(await client().ports.list(id)).toEqual({ items: [{ port: 4100 }, { port: 4200 }] });
    });

    it("is seen at a host of its own by who came by the link, which is good once", async () => {
      const { origin, cookie, link } = await enter(4100);
      expect(new URL(origin).hostname).toBe(`4100--${id}.localhost`);
      expect(askedOf(await ask(`${origin}/a/b?c=d`, { cookie }, "POST", "said"))).toMatchObject({
        method: "POST",
        url: "/a/b?c=d",
        body: "said",
      });
      expect(await ask(`${origin}/`)).toMatchObject({ status: 401 });
      expect(await ask(link)).toMatchObject({ status: 401 });
      expect(await ask(`${origin}/`, { cookie: "openhands_preview=wrong" })).toMatchObject({ status: 401 });
      expect(await ask(`${origin}/`, { "x-session-api-key": scripted.server.key })).toMatchObject({
        status: 401,
      });
      const other = origin.replace("4100", "4200");
      expect(await ask(`${other}/`, { cookie })).toMatchObject({ status: 401 });
    });

    it("is told none of our cookies and keys, and is spoken to as on its own machine", async () => {
      const { origin, cookie } = await enter(4100);
      const { key } = scripted.server;
      const { headers, url } = askedOf(
        await ask(`${origin}/?session_api_key=${key}&x=1`, {
          cookie: `openhands_abc=1; own=2; ${cookie}`,
          "x-session-api-key": key,
          authorization: `Bearer ${key}`,
          origin,
          referer: `${origin}/from?session_api_key=${key}`,
          "x-forwarded-for": "10.0.0.1",
        }),
      );
      expect(url).toBe("/?x=1");
      expect(headers).toMatchObject({
        host: "localhost:4100",
        origin: "http://localhost:4100",
        referer: "http://localhost:4100/from",
        cookie: "own=2",
      });
      expect(JSON.stringify(headers)).not.toMatch(new RegExp(`${key}|openhands|authorization|forwarded`));
      const theirs = askedOf(await ask(`${origin}/`, { cookie, authorization: "Bearer theirs" }));
      expect(theirs.headers["authorization"]).toBe("Bearer theirs");
      expect(theirs.headers["cookie"]).toBeUndefined();
    });

    it("can set cookies of its own host alone, and lead to its own pages", async () => {
      const { origin, cookie } = await enter(4100);
      const { headers } = await ask(`${origin}/`, { cookie });
      expect(headers["set-cookie"]).toEqual(["mine=1; Path=/"]);
      expect(headers["strict-transport-security"]).toBeUndefined();
      expect((await ask(`${origin}/redirect`, { cookie })).headers["location"]).toBe("/there?a=1");
    });

    it("is not spoken to by another site in the person's name", async () => {
      const { origin, cookie } = await enter(4100);
      for (const foreign of [
        { origin: "http://evil.test" },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" },
      ]) {
        expect(await ask(`${origin}/`, { cookie, ...foreign })).toMatchObject({ status: 403 });
      }
      const visit = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
      expect(await ask(`${origin}/`, { cookie, ...visit })).toMatchObject({ status: 200 });
    });

    it("is reached by programs under a path of ours, with the key in a header, and there sets no cookie", async () => {
      const { url, key } = scripted.server;
      const base = `/conversations/${id}/ports/4200`;
      const answer = await ask(`${url}${base}/x?y=1`, { "x-session-api-key": key });
      expect(askedOf(answer)).toMatchObject({ url: "/x?y=1", headers: { host: "localhost:4200" } });
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(answer.headers["content-security-policy"]).toBe("sandbox");
      expect(askedOf(await ask(`${url}${base}`, { "x-session-api-key": key })).url).toBe("/");
      const redirected = await ask(`${url}${base}/redirect`, { "x-session-api-key": key });
      expect(redirected.headers["location"]).toBe(`${base}/there?a=1`);
      expect(await ask(`${url}${base}/`)).toMatchObject({ status: 401 });
      expect(await ask(`${url}${base}/?session_api_key=${key}`)).toMatchObject({ status: 401 });
      expect(
        await ask(`${url}${base}/`, { "x-session-api-key": key, "sec-fetch-dest": "document" }),
      ).toMatchObject({
        status: 403,
      });
    });

    it("speaks over WebSockets both ways, told nothing of ours there either", async () => {
      const { origin, cookie } = await enter(4100);
      const { url, key } = scripted.server;
      const host = new URL(origin).host;
      for (const [path, headers] of [
        ["/live?session_api_key=x", { host, cookie: `${cookie}; own=2`, origin }],
        [`/conversations/${id}/ports/4100/live`, { "x-session-api-key": key }],
      ] as const) {
        const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, { headers });
        const upgraded = new Promise<NodeJS.Dict<string | string[]>>((resolve) =>
          socket.once("upgrade", (answer) => resolve(answer.headers)),
        );
        const said = await new Promise<string>((resolve, reject) => {
          socket.once("message", (data: Buffer) => resolve(data.toString()));
          socket.once("error", reject);
        });
        expect(JSON.parse(said)).toMatchObject({ url: "/live", headers: { host: "localhost:4100" } });
        expect(said).not.toMatch(/openhands|session/i);
        expect((await upgraded)["set-cookie"]).toBeUndefined();
        socket.terminate();
      }
      const refused = new WebSocket(`${url.replace("http", "ws")}/live`, { headers: { host } });
      const status = await new Promise((resolve) =>
        refused.once("unexpected-response", (_, answer) => resolve(answer.statusCode)),
      );
      expect(status).toBe(401);
      refused.on("error", () => undefined).terminate();
    });

    it("that does not answer, has ended, or went with its sandbox is told of in a page", async () => {
      const { origin, cookie } = await enter(4100);
      const visit = { cookie, accept: "text/html" };
      expect(await ask(`${origin}/drop`, visit)).toMatchObject({
        status: 503,
        body: expect.stringContaining("did not answer") as string,
      });
      const nothing = await enter(4300);
      expect(await ask(`${nothing.origin}/`, { ...visit, cookie: nothing.cookie })).toMatchObject({
        status: 502,
        body: expect.stringContaining("Nothing listens on port 4300") as string,
      });
      await client().suspend(id);
      const gone = await ask(`${origin}/`, visit);
      expect(gone).toMatchObject({ status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
      expect(gone.body).toContain("Ask the agent to start them again");
      expect(await client().ports.list(id)).toEqual({ items: [] });
    });
  });
});
