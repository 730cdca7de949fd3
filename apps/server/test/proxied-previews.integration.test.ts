/** Servers in sandboxes, seen through an nginx that speaks HTTPS and has our server under a path of its own. */
import { temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { agentRuns } from "./agent-runs.ts";
import { makeCertificate } from "./certificate.ts";
import { probeConversation } from "./conversation-probe.ts";
import { echoServer } from "./echo-server.ts";
import { startNginx } from "./nginx.ts";
import { askThrough, enterThrough, type PreviewAnswer } from "./preview-client.ts";
import { startScriptedServer } from "./scripted-server.ts";

const port = 4100;

/** What the server inside was asked. */
function asked({ body }: PreviewAnswer): unknown {
  return JSON.parse((JSON.parse(body) as { asked: string }).asked);
}

async function firstMessage(address: string, headers: Record<string, string>): Promise<unknown> {
  const socket = new WebSocket(address, { headers, rejectUnauthorized: false });
  try {
    return await new Promise((resolve, reject) => {
      socket.once("message", (data: Buffer) => resolve(JSON.parse(data.toString())));
      socket.once("error", reject);
    });
  } finally {
    socket.terminate();
  }
}

describe.each([
  { what: "that passes the prefix on", strips: false },
  { what: "that takes the prefix off, and tells the port apart", strips: true },
])("behind a proxy $what", ({ strips }) => {
  it("a port is seen at its own host and under our path, by HTTP and WebSocket", async () => {
    await using folder = await temporaryHome();
    const certificate = await makeCertificate(folder.path);
    const env = { BASE_PATH: "/agents", TRUSTED_PROXY: "127.0.0.1" };
    await using scripted = await startScriptedServer({ env });
    const { server } = scripted;
    const { key } = server;
    await using nginx = await startNginx({
      prefix: "/agents",
      upstream: server.url,
      strips,
      certificate,
      previewDomain: "localhost",
    });
    const { id } = await server.client.conversations.create();
    await server.client.files.write(id, "echo.cjs", echoServer);
    using probe = probeConversation(server.client, id);
    await agentRuns(scripted, id, `node echo.cjs ${port} >/dev/null 2>&1 &`);
    await probe.state(({ sandbox }) => sandbox?.ports?.includes(port) === true);

    const open = `${nginx.url}/agents/api/conversations/${id}/ports/${port}/open`;
    const byKey = { "x-session-api-key": key };
    const opened = await askThrough(nginx.url, open, { method: "POST", headers: byKey });
    const { url: link } = JSON.parse(opened.body) as { url: string };
    expect(new URL(link).origin).toBe(`https://${port}--${id}.localhost:${new URL(nginx.url).port}`);
    const { origin, cookie } = await enterThrough(nginx.url, link);
    const ask = async (path: string, headers: Record<string, string> = {}) =>
      await askThrough(nginx.url, `${origin}${path}`, { headers: { cookie, origin, ...headers } });
    // what begins as our prefix does is a path of the server inside, as any other
    for (const path of ["/", "/agents/", "/agents/x?y=1", "/agents"])
      expect(asked(await ask(path))).toMatchObject({
        url: path,
        headers: { host: `localhost:${port}`, origin: `http://localhost:${port}` },
      });
    expect((await ask("/redirect")).headers["location"]).toBe("/there?a=1");
    expect((await ask("/", { origin: "https://evil.test" })).status).toBe(403);
    const told = await firstMessage(`${nginx.url.replace("http", "ws")}/agents/live`, {
      host: new URL(origin).host,
      cookie,
      origin,
    });
    expect(told).toMatchObject({ url: "/agents/live", headers: { host: `localhost:${port}` } });
    expect(JSON.stringify(told)).not.toMatch(/openhands|forwarded/i);

    const base = `/agents/conversations/${id}/ports/${port}`;
    const program = async (path: string, headers: Record<string, string> = byKey) =>
      await askThrough(nginx.url, `${nginx.url}${base}${path}`, { headers });
    expect(asked(await program("/x?y=1"))).toMatchObject({ url: "/x?y=1" });
    expect(asked(await program(""))).toMatchObject({ url: "/" });
    expect((await program("/redirect")).headers["location"]).toBe(`${base}/there?a=1`);
    expect((await program("/", {})).status).toBe(401);
    expect(await firstMessage(`${nginx.url.replace("http", "ws")}${base}/live`, byKey)).toMatchObject({
      url: "/live",
    });
  });
});
