/** Outputs that are too long for an event: clipped there, whole beside the log, to be had over HTTP. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isKnown, type ObservationEvent, plainText, type StoredEvent } from "@openhands/protocol";
import { call, say } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;

async function get(path: string): Promise<{ status: number; type: string | null; body: string }> {
  const { url, key } = scripted.server;
  const answer = await fetch(`${url}/api/conversations/${path}`, { headers: { "X-Session-API-Key": key } });
  return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
}

/** Runs `command` in a conversation of its own, to the end of the turn. */
async function conversationWith(command: string): Promise<{ id: string; events: readonly StoredEvent[] }> {
  const { llm, server } = scripted;
  llm.push(call("terminal", { command }), say("Done."));
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  return { id, events: probe.events };
}

function observationOf(events: readonly StoredEvent[]): ObservationEvent {
  const found = events.filter(isKnown).find((event) => event.kind === "ObservationEvent");
  if (found === undefined) throw new Error("there is no observation");
  return found;
}

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  it("a long one is whole by the id of its observation and of its action, without a secret in it", async () => {
    // the model's key is a secret of this server; it is put together so that the command does not hold it
    const { id, events } = await conversationWith(
      "a=sk-01234; for i in $(seq 1 20000); do echo $i $a''56789; done",
    );
    const observation = observationOf(events);
    const shown = plainText(observation.observation.content);
    expect(shown.length).toBeLessThanOrEqual(30_000);
    const answer = await get(`${id}/events/${observation.id}/output`);
    expect(answer).toMatchObject({ status: 200, type: "text/plain; charset=utf-8" });
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index + 1} <secret-hidden>\n`);
    expect(answer.body).toBe(lines.join(""));
    expect(observation.whole_output?.bytes).toBe(answer.body.length);
    expect(observation.observation.omitted).toBeGreaterThan(200_000);
    expect((await get(`${id}/events/${observation.action_id}/output`)).body).toBe(answer.body);
    const folder = join(scripted.home.path, "conversations", id, "observations");
    expect(await readdir(folder)).toEqual([`${observation.action_id}.txt`]);
  });

  it("one that its event holds is answered from there; other events have none", async () => {
    const { id, events } = await conversationWith("echo short");
    const observation = observationOf(events);
    expect(observation.whole_output).toBeUndefined();
    expect(await get(`${id}/events/${observation.id}/output`)).toMatchObject({ status: 200, body: "short" });
    const message = events.find((event) => event.kind === "MessageEvent");
    for (const other of [message?.id, observation.action_id, "unknown"]) {
      const { status, body } = await get(`${id}/events/${other}/output`);
      expect([status, JSON.parse(body)]).toMatchObject([404, { code: "not_found" }]);
    }
    expect(await readdir(join(scripted.home.path, "conversations", id))).not.toContain("observations");
  });

  it("what a command printed before it was stopped is kept", async () => {
    const { llm, server } = scripted;
    llm.push(call("terminal", { command: "seq 1 50000; sleep 1000" }));
    const { id } = await server.client.conversations.create({
      initial_message: { content: "go", run: true },
    });
    using probe = probeConversation(server.client, id);
    const action = await probe.event((event) => event.kind === "ActionEvent");
    const output = async (): Promise<string> => (await get(`${id}/events/${action.id}/output`)).body;
    await expect.poll(output, { timeout: 60_000 }).toMatch(/\n50000\n$/);
    await server.client.interrupt(id);
    await probe.state(settled);
    expect(await output()).toMatch(/^1\n2\n[^]*\n50000\n/);
  });

  it("one that still grows is seen by who is there and by who comes in, without a secret, and is not stored", async () => {
    const { llm, server } = scripted;
    const command =
      "echo before; printf 'key sk-01'; sleep 0.5; printf '23456789\\n'; sleep 0.3; echo after.; sleep 1000";
    llm.push(call("terminal", { command, timeout: 1000 }));
    const { id } = await server.client.conversations.create({
      initial_message: { content: "go", run: true },
    });
    using probe = probeConversation(server.client, id);
    const printedBy = ({ transients }: typeof probe): string =>
      transients.reduce(
        (text, event) =>
          event.kind === "ToolOutputDeltaEvent" ? (event.reset ? "" : text) + event.content : text,
        "",
      );
    await probe.transient(() => printedBy(probe).includes("after.\n"));
    expect(printedBy(probe)).toBe("before\nkey <secret-hidden>\nafter.\n");
    using late = probeConversation(server.client, id);
    await late.transient((event) => event.kind === "ToolOutputDeltaEvent");
    expect(printedBy(late)).toBe("before\nkey <secret-hidden>\nafter.\n");
    await server.client.interrupt(id);
    await late.event((event) => event.kind === "InterruptEvent");
    const kinds = late.events.map(({ kind }) => kind);
    expect(kinds).not.toContain("ToolOutputDeltaEvent");
    using later = probeConversation(server.client, id);
    await later.event((event) => event.kind === "InterruptEvent");
    expect(printedBy(later)).toBe("");
  });
});
