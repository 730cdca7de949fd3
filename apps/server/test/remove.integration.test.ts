/** A conversation that is deleted is gone, whoever looks at it or writes to it meanwhile. */
import { chown, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { followEvents } from "@openhands/client";
import { call, hang, say, startScriptedLlm, temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { containersOf } from "./engine-containers.ts";
import { linkToEngine } from "./engine-link.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const engineSocket = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");

let scripted: ScriptedServer;
let home: TemporaryHome;
let server: ServerProcess;

beforeAll(async () => {
  scripted = await startScriptedServer({ responder: () => hang() });
  ({ home, server } = scripted);
});

afterAll(async () => {
  await scripted[Symbol.asyncDispose]();
});

/** Calls again and again until the conversation is unknown. */
async function untilUnknown(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
    } catch (error) {
      if ((error as { status?: number }).status === 404) return;
    }
  }
}

describe("delete", () => {
  it("in the middle of a run, looked at and written to all the while", async () => {
    const { conversations, events } = server.client;
    for (let count = 0; count < 10; count += 1) {
      const { id } = await conversations.create({ initial_message: { content: "wait", run: true } });
      const looking = untilUnknown(async () => await conversations.get(id));
      const writing = untilUnknown(async () => await events.send(id, { content: "more", run: true }));
      await Promise.all([conversations.remove(id), conversations.remove(id), looking, writing]);
      await expect(conversations.get(id)).rejects.toMatchObject({ status: 404 });
    }
    expect((await conversations.search()).items).toEqual([]);
    expect(await readdir(join(home.path, "conversations"))).toEqual([]);
  });
});

describe("who follows a conversation that is deleted", () => {
  it("is told that there is none any more", async () => {
    const { id } = await server.client.conversations.create();
    const stopped = Promise.withResolvers<string>();
    const opened = Promise.withResolvers<void>();
    const follower = followEvents({
      client: server.client,
      conversationId: id,
      afterSeq: -1,
      onEvent: () => opened.resolve(),
      onStop: (reason) => stopped.resolve(reason),
    });
    await opened.promise;
    await server.client.conversations.remove(id);
    expect(await stopped.promise).toBe("unknown_conversation");
    follower.close();
  });
});

describe("an engine that is gone", () => {
  it("does not keep a conversation from being deleted, nor the server from stopping in order", async () => {
    await using other = await temporaryHome();
    const env = { DOCKER_HOST: `unix://${join(other.path, "no.sock")}` };
    const without = await startServerProcess({ home: other.path, runtime: "docker", env });
    const { id } = await without.client.conversations.create();
    await without.client.conversations.remove(id);
    expect((await without.client.conversations.search()).items).toEqual([]);
    expect(await without.stop()).toBe(0);
  });
});

describe("files that the server's user may not delete", () => {
  it("go with the conversation", async () => {
    await using other = await temporaryHome();
    const user = { uid: 23_456, gid: 23_456 };
    await chown(other.path, user.uid, user.gid);
    await using link = await linkToEngine(join(other.path, "engine.sock"), engineSocket);
    await chown(join(other.path, "engine.sock"), user.uid, user.gid);
    await using llm = await startScriptedLlm();
    llm.push(
      call("terminal", {
        command: "mkdir -m 700 -p kept/deep ~/.cache/deep; touch kept/deep/.file .hidden ~/.cache/deep/file",
      }),
      say("Made."),
    );
    const env = {
      DOCKER_HOST: link.dockerHost,
      LLM_BASE_URL: llm.url,
      LLM_MODEL: "openai/scripted",
      LLM_API_KEY: "sk-0123456789",
    };
    await using own = await startServerProcess({ home: other.path, runtime: "docker", env, user });
    const { id } = await own.client.conversations.create({
      sandbox: { user: "root" },
      initial_message: { content: "go", run: true },
    });
    using probe = probeConversation(own.client, id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    const workspace = join(other.path, "workspace", id);
    expect((await stat(join(workspace, "kept/deep/.file"))).uid).toBe(0);
    const purged = await fetch(`${own.url}/api/conversations/${id}?purge=true`, {
      method: "DELETE",
      headers: { "X-Session-API-Key": own.key },
    });
    expect(purged.status).toBe(200);
    for (const folder of ["workspace", "caches"]) expect(await readdir(join(other.path, folder))).toEqual([]);
  });
});

describe("a conversation that is deleted while its sandbox is resumed", () => {
  it("leaves no sandbox", async () => {
    await using other = await temporaryHome();
    await using own = await startServerProcess({ home: other.path, runtime: "docker" });
    for (let count = 0; count < 5; count += 1) {
      const { id } = await own.client.conversations.create();
      const resumed = own.client.resume(id).catch(() => null);
      await Promise.all([own.client.conversations.remove(id), resumed]);
    }
    expect(await containersOf(other.path)).toEqual([]);
  });
});
