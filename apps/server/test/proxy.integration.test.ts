/** Behind a proxy with a path prefix, and with HTTPS of its own. */
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { createClient } from "@openhands/client";
import { say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { makeCertificate } from "./certificate.ts";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startNginx } from "./nginx.ts";
import { failToStart, startServerProcess } from "./server-process.ts";

const json = { "content-type": "application/json" };

describe.each([
  { what: "that passes the prefix on", strips: false },
  { what: "that takes the prefix off", strips: true },
])("behind a proxy $what", ({ strips }) => {
  it("page, API and sockets work under the prefix, by key and by cookie", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(say("Through the proxy."));
    const env = {
      LLM_BASE_URL: llm.url,
      LLM_MODEL: "openai/scripted",
      LLM_API_KEY: "sk-0123456789",
      BASE_PATH: "/agents",
      TRUSTED_PROXY: "127.0.0.1",
    };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    expect(new URL(server.link).pathname).toBe("/agents/");
    await using nginx = await startNginx({ prefix: "/agents", upstream: server.url, strips });
    const outside = `${nginx.url}/agents`;
    const page = await (await fetch(`${outside}/conversations/${"a".repeat(32)}`)).text();
    expect(page).toContain('<base href="/agents/" />');
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "";
    expect((await fetch(`${outside}/${script}`)).headers.get("content-type")).toContain("javascript");

    const client = createClient({ baseUrl: outside, sessionApiKey: server.key });
    const { id } = await client.conversations.create({ initial_message: { content: "go", run: true } });
    using probe = probeConversation(client, id);
    await probe.state(settled);
    expect(JSON.stringify(probe.events)).toContain("Through the proxy.");

    const code = new URL(server.link).hash.replace("#code=", "");
    const signedIn = await fetch(`${outside}/api/auth/sign-in`, {
      method: "POST",
      headers: { ...json, origin: nginx.url },
      body: JSON.stringify({ code }),
    });
    const cookie = signedIn.headers.get("set-cookie") ?? "";
    expect(cookie).toContain("Path=/agents/;");
    const write = async (origin: string): Promise<number> => {
      const headers = { ...json, cookie: cookie.split(";")[0] ?? "", origin };
      return (await fetch(`${outside}/api/settings`, { method: "PATCH", headers, body: "{}" })).status;
    };
    expect(await write(nginx.url)).toBe(200);
    expect(await write("http://evil.test")).toBe(403);
  });
});

describe("what a proxy says of the original request", () => {
  it("is believed of the one that was named alone", async () => {
    await using home = await temporaryHome();
    await using other = await temporaryHome();
    const said = {
      "x-forwarded-host": "agents.test",
      "x-forwarded-proto": "https",
      origin: "https://agents.test",
    };
    const signIn = async (link: string): Promise<Response> =>
      await fetch(new URL("/api/auth/sign-in", link), {
        method: "POST",
        headers: { ...json, ...said },
        body: JSON.stringify({ code: new URL(link).hash.replace("#code=", "") }),
      });
    const env = { ALLOWED_HOSTS: "agents.test" };
    await using named = await startServerProcess({
      home: home.path,
      runtime: "bubblewrap",
      env: { ...env, TRUSTED_PROXY: "127.0.0.0/8" },
    });
    const believed = await signIn(named.link);
    expect(believed.status).toBe(204);
    expect(believed.headers.get("set-cookie")).toContain("; Secure");
    await using plain = await startServerProcess({ home: other.path, runtime: "bubblewrap", env });
    expect((await signIn(plain.link)).status).toBe(403);
  });

  it("and a name that is no address ends the start with a sentence", async () => {
    await using home = await temporaryHome();
    const end = await failToStart({ home: home.path, env: { TRUSTED_PROXY: "my-proxy" } });
    expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining("TRUSTED_PROXY") });
  });
});

describe("with TLS_CERT and TLS_KEY", () => {
  it("calls and sockets are encrypted, and the cookie never leaves on another way", async () => {
    await using home = await temporaryHome();
    await using folder = await temporaryHome();
    const { cert, key } = await makeCertificate(folder.path);
    const env = { TLS_CERT: cert, TLS_KEY: key };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    expect(server.link).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/#code=/);
    const ca = await readFile(cert);
    const answer = await new Promise<{ status?: number; cookie: string }>((resolve, reject) => {
      const call = request(
        `${server.url}/api/auth/sign-in`,
        { ca, method: "POST", headers: json },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, cookie: response.headers["set-cookie"]?.[0] ?? "" });
        },
      );
      call.on("error", reject);
      call.end(JSON.stringify({ code: new URL(server.link).hash.replace("#code=", "") }));
    });
    expect(answer).toMatchObject({ status: 204, cookie: expect.stringContaining("; Secure") });
    const address = `${server.url.replace("https", "wss")}/sockets/events/${"a".repeat(32)}`;
    const headers = { "x-session-api-key": server.key };
    const code = await new Promise((resolve, reject) => {
      new WebSocket(address, { ca, headers }).on("close", resolve).on("error", reject);
    });
    expect(code).toBe(4004);
  });
});
