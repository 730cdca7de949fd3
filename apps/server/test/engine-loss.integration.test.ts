/** What a person's hand or a restart does to the engine and its containers costs a command, never the conversation. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { StoredEvent } from "@openhands/protocol";
import { call, say, type ScriptedLlm, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { type ConversationProbe, probeConversation, settled } from "./conversation-probe.ts";
import { containerOf, containersOf, docker } from "./engine-containers.ts";
import { linkToEngine } from "./engine-link.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const engine = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
const model = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
const holds = (text: string) => (event: StoredEvent) => JSON.stringify(event).includes(text);

/** A conversation whose command waits, with a file in the workspace. */
async function waitingCommand(
  server: ServerProcess,
  llm: ScriptedLlm,
): Promise<{ id: string; probe: ConversationProbe }> {
  llm.push(call("terminal", { command: "echo kept > kept.txt; echo is-waiting-now; sleep 1000" }));
  const { id } = await server.client.conversations.create({
    initial_message: { content: "wait", run: true },
  });
  const probe = probeConversation(server.client, id);
  const log = async (): Promise<string> => await docker("top", containerOf(id));
  await probe.state((info) => info.sandbox_status === "ready");
  await expect.poll(log, { timeout: 60_000 }).toContain("sleep 1000");
  return { id, probe };
}

describe("the engine", () => {
  it("may go away in mid-command: the server lives, says so, and goes on when it is back", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    await using link = await linkToEngine(join(home.path, "engine.sock"), engine.replace("unix://", ""));
    const env = { ...model, LLM_BASE_URL: llm.url, DOCKER_HOST: link.dockerHost };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { id, probe } = await waitingCommand(server, llm);
    llm.push(call("terminal", { command: "echo not reached" }));
    await link.cut();
    const info = await probe.state(settled);
    expect(info).toMatchObject({ execution_status: "error", error: { code: "sandbox" } });
    expect(info.error?.detail).toMatch(/engine does not answer/);

    await link.mend();
    llm.push(call("terminal", { command: "cat kept.txt; pgrep -fc 'sleep 100[0]'" }), say("It was kept."));
    await server.client.events.send(id, { content: "go on", run: true });
    const counted = await probe.event((event) => event.kind === "ObservationEvent" && holds("kept")(event));
    expect(JSON.stringify(counted)).toMatch(/"text":"kept\\n0"/);
    await probe.event(holds("It was kept."));
    probe[Symbol.dispose]();
  });
});

describe("an image that takes its time", () => {
  it("is not waited for by who deletes the conversation, nor by a server that stops", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "docker" });
    const registry = createServer().listen(0, "127.0.0.1");
    await once(registry, "listening");
    const connected = once(registry, "connection");
    const { port } = registry.address() as AddressInfo;
    const image = `127.0.0.1:${port}/never:1`;
    const { id } = await server.client.conversations.create({ sandbox: { image } });
    await connected;
    await server.client.conversations.remove(id);
    await server.client.conversations.create({ sandbox: { image } });
    expect(await server.stop()).toBe(0);
    registry.close();
  });
});

/** What someone may do to a container while a command runs in it, and what the agent is told. */
const hands = [
  { deed: "paused", words: ["pause"], told: /container was paused/ },
  { deed: "killed", words: ["kill"], told: /container ended with exit code 137/ },
  { deed: "removed", words: ["rm", "--force"], told: /container was removed|exit code 137/ },
  { deed: "restarted", words: ["restart", "--time", "0"], told: /container was restarted|exit code 137/ },
] as const;

describe("a container in mid-command", () => {
  it.each(hands)("$deed: the command is closed with that, the next finds the workspace", async (hand) => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { id, probe } = await waitingCommand(server, llm);
    llm.push(
      call("terminal", { command: "cat kept.txt; pgrep -fc 'sleep 100[0]'" }),
      call("terminal", { command: "echo and on" }),
      say("It was kept."),
    );
    await docker(...hand.words, containerOf(id));
    const closed = await probe.event((event) => event.kind === "AgentErrorEvent");
    expect(JSON.stringify(closed)).toMatch(hand.told);
    await probe.event(holds("It was kept."));
    expect((await probe.state(settled)).execution_status).toBe("finished");
    const answers = probe.events.filter((event) => event.kind === "ObservationEvent");
    expect(JSON.stringify(answers[0])).toMatch(/"text":"kept\\n0"/);
    expect(JSON.stringify(answers[1])).toContain("and on");
    expect(probe.events.filter((event) => event.kind === "AgentErrorEvent")).toHaveLength(1);
    probe[Symbol.dispose]();
  });

  it("in which nothing can be started any more goes, and the next command has another", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(
      call("terminal", { command: "echo kept > kept.txt; rm /bin/sh; kill -9 -1" }),
      call("terminal", { command: "echo nobody hears this" }),
      call("terminal", { command: "cat kept.txt; ls -l /bin/sh" }),
      say("It was kept."),
    );
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { id } = await server.client.conversations.create({
      sandbox: { user: "root" },
      initial_message: { content: "break it", run: true },
    });
    using probe = probeConversation(server.client, id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    // by the first one, or, where its end was heard before it was seen to be lost, by the next
    const told = probe.events.filter((event) => event.source !== "user");
    expect(JSON.stringify(told)).toMatch(/fresh one with the same workspace|The sandbox is a fresh one/);
    const answers = probe.events.filter((event) => event.kind === "ObservationEvent");
    expect(JSON.stringify(answers.at(-1))).toMatch(/kept\\n.*\/bin\/sh/);
  });

  it("leaves nothing behind when it was killed and the server stops before the next need", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "docker" });
    const { id } = await server.client.conversations.create();
    using probe = probeConversation(server.client, id);
    await probe.state((info) => info.sandbox_status === "ready");
    await docker("kill", containerOf(id));
    await probe.state((info) => info.sandbox_status === "error");
    expect(await server.stop()).toBe(0);
    expect(await containersOf(home.path)).toEqual([]);
  });
});
