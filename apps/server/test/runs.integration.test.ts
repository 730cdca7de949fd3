/** How a run goes on, is steered, is stopped, and what the model is told when it calls a tool wrongly. */
import type { StoredEvent } from "@openhands/protocol";
import { answer, call, hang, say, type ScriptedLlm, slow } from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConversationProbe, probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import type { ServerProcess } from "./server-process.ts";

let scripted: ScriptedServer;
let llm: ScriptedLlm;
let server: ServerProcess;
let id: string;
let probe: ConversationProbe;

beforeEach(async () => {
  scripted = await startScriptedServer();
  ({ llm, server } = scripted);
  ({ id } = await server.client.conversations.create());
  probe = probeConversation(server.client, id);
});

afterEach(async () => {
  probe[Symbol.dispose]();
  await scripted[Symbol.asyncDispose]();
});

const send = async (content: string) => await server.client.events.send(id, { content, run: true });
const holds = (part: string) => (event: StoredEvent) => JSON.stringify(event).includes(part);
const kindOf = (kind: string) => (event: StoredEvent) => event.kind === kind;
const running = (part: string) => (event: StoredEvent) => event.kind === "ActionEvent" && holds(part)(event);
/** What the model was told in the nth request, as text. */
const request = (n: number): string => JSON.stringify(llm.requests[n]?.body.messages);

describe("a message while it works", () => {
  it("is in the next request, once, after the results of what is open", async () => {
    llm.push(call("terminal", { command: "sleep 1; echo first" }), say("Understood."));
    await send("start");
    await probe.event(running("echo first"));
    await server.client.events.send(id, { content: "prefer tabs" });
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(llm.requests).toHaveLength(2);
    const roles = llm.requests[1]?.body.messages.map((message) => message.role);
    expect(roles).toEqual(["system", "user", "assistant", "tool", "user"]);
    expect(request(1).match(/prefer tabs/g)).toHaveLength(1);
    expect(request(1)).toContain("[The command completed with exit code 0.]");
  });

  it("that comes with the last answer is answered too", async () => {
    llm.push(slow("Almost done with all of this. ".repeat(4), 10), say("And to that: yes."));
    await send("start");
    await probe.transient((event) => event.kind === "StreamingDeltaEvent");
    await server.client.events.send(id, { content: "one more thing" });
    await probe.event(holds("And to that: yes."));
    await probe.state(settled);
    expect(llm.requests).toHaveLength(2);
    expect(request(1)).toContain("one more thing");
  });
});

describe("a message that starts nothing", () => {
  it("takes back that the conversation has finished, until it is run", async () => {
    llm.push(say("One."), say("Two."));
    await send("first");
    await probe.event(holds('"finished"'));
    const { seq } = await server.client.events.send(id, { content: "second" });
    expect(await server.client.conversations.get(id)).toMatchObject({
      execution_status: "idle",
      last_seq: seq,
    });
    await server.client.run(id);
    await probe.event(holds("Two."));
  });
});

describe("messages that race the end of a run", () => {
  it("are all taken, and answered, when they come before Stop has taken effect", async () => {
    llm.push(
      call("terminal", { command: `sh -c 'trap "" INT TERM; touch trapped; sleep 1000 & sleep 1000'` }),
    );
    await send("start");
    await probe.event(running("trapped"));
    llm.push(say("The new plan it is."), say("And so is that."));
    await Promise.all([server.client.interrupt(id), send("new plan"), send("with that")]);
    await probe.event(holds("The new plan it is."));
    expect(probe.events.filter(kindOf("InterruptEvent"))).toHaveLength(1);
  });

  it("take back a pause that has not taken effect", async () => {
    llm.push(call("terminal", { command: "sleep 1; echo slept" }), say("I go on."));
    await send("start");
    await probe.event(running("slept"));
    await server.client.pause(id);
    await send("no, go on");
    await probe.event(holds("I go on."));
    expect(probe.events.filter(kindOf("PauseEvent"))).toEqual([]);
  });
});

describe("interrupt", () => {
  it("aborts the model's answer; a message continues", async () => {
    llm.push(hang("Thinking about it"));
    await send("start");
    await probe.transient((event) => event.kind === "StreamingDeltaEvent");
    await server.client.interrupt(id);
    expect((await server.client.conversations.get(id)).execution_status).toBe("paused");
    expect(probe.events.filter(kindOf("InterruptEvent"))).toHaveLength(1);
    expect(await llm.requests[0]?.ended).toBe("closed by client");
    llm.push(say("Here again."));
    await send("go on");
    await probe.event(holds("Here again."));
  });

  it("ends a command that traps, closes its action, and the shell is usable", async () => {
    const trap = `sh -c 'trap "" INT TERM; echo trapped > trapped; sleep 1000 & sleep 1000'`;
    llm.push(call("terminal", { command: "touch ready" }), call("terminal", { command: trap }));
    await send("start");
    await probe.event(running("trapped"));
    await server.client.interrupt(id);
    const closed = await probe.event(kindOf("AgentErrorEvent"));
    expect(JSON.stringify(closed)).toContain("stopped this tool");
    llm.push(
      call("terminal", { command: "ps -e -o args | grep -c '[s]leep 1000'; echo usable" }),
      say("Done."),
    );
    await send("check");
    const checked = await probe.event((event) => kindOf("ObservationEvent")(event) && holds("usable")(event));
    expect(JSON.stringify(checked)).toContain('"text":"0\\nusable');
  });

  it("without a run changes nothing", async () => {
    await server.client.interrupt(id);
    expect(probe.events.filter(kindOf("InterruptEvent"))).toEqual([]);
    expect((await server.client.conversations.get(id)).execution_status).toBe("idle");
  });
});

describe("pause", () => {
  it("takes effect before the next model call, once, and run goes on", async () => {
    llm.push(call("terminal", { command: "sleep 1; echo slept" }));
    await send("start");
    await probe.event(running("slept"));
    await server.client.pause(id);
    await server.client.pause(id);
    expect((await probe.state(settled)).execution_status).toBe("paused");
    expect(probe.events.filter(kindOf("PauseEvent"))).toHaveLength(1);
    expect(probe.events.some((event) => kindOf("ObservationEvent")(event) && holds("slept")(event))).toBe(
      true,
    );
    expect(llm.requests).toHaveLength(1);
    llm.push(say("Resumed."));
    await server.client.run(id);
    await probe.event(holds("Resumed."));
  });

  it("a run that is going refuses a second one", async () => {
    llm.push(hang());
    await send("start");
    await expect(server.client.run(id)).rejects.toMatchObject({ status: 409, code: "wrong_state" });
    await server.client.interrupt(id);
  });
});

it("who is waited for, since when and what ends it can be asked at any moment", async () => {
  llm.push(call("terminal", { command: "touch waits; sleep 100" }));
  expect((await server.client.conversations.get(id)).waits_for).toBeNull();
  await send("start");
  const action = await probe.event(running("touch waits"));
  await expect
    .poll(async () => (await server.client.conversations.get(id)).waits_for)
    .toMatchObject({ who: "tool", what: "terminal", since: action.timestamp });
  await server.client.interrupt(id);
  llm.push(hang());
  await send("go on");
  await llm.waitForRequest(2);
  const { waits_for: wait } = await server.client.conversations.get(id);
  expect(wait).toMatchObject({ who: "model", what: "openai/scripted" });
  expect(wait?.limited_by).toContain("llm_first_byte_seconds");
  await server.client.interrupt(id);
});

describe("calls that are wrong", () => {
  it("are answered in a way that the model can mend, and nothing is executed", async () => {
    llm.push(
      answer({
        calls: [
          { name: "launch_rocket", arguments: { command: "touch wrong" } },
          { name: "terminal", arguments: { command: ["touch", "wrong"] } },
          { name: "terminal", arguments: '{"command": "touch wrong' },
        ],
      }),
      call("terminal", { command: "ls -A | wc -l" }),
      say("Mended."),
    );
    await send("start");
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(probe.events.filter(kindOf("AgentErrorEvent"))).toHaveLength(3);
    expect(request(1)).toContain("[Tool-argument error]");
    expect(request(1)).toContain("'launch_rocket' not found");
    const listed = await probe.event(kindOf("ObservationEvent"));
    expect(JSON.stringify(listed)).toMatch(/"text":"0/);
  });

  it("end at the limit of steps with an error that says so, and a message continues", async () => {
    const limited = await server.client.conversations.create({ max_iterations: 3 });
    using own = probeConversation(server.client, limited.id);
    llm.push(...Array.from({ length: 3 }, () => call("think", { thought: "hm" })));
    await server.client.events.send(limited.id, { content: "think", run: true });
    expect(await own.state(settled)).toMatchObject({
      execution_status: "error",
      error: { code: "MaxIterationsReached" },
    });
    llm.push(say("Enough."));
    await server.client.events.send(limited.id, { content: "well?", run: true });
    await own.event(holds("Enough."));
  });
});

describe("the network", () => {
  const dial = (): string =>
    `(echo > /dev/tcp/127.0.0.1/${new URL(server.url).port}) 2>/dev/null && echo open || echo closed`;

  it("of bubblewrap is the machine's own, so it is off unless the conversation asks for it", async () => {
    llm.push(call("terminal", { command: dial() }), say("Looked."));
    await send("look");
    const seen = await probe.event(kindOf("ObservationEvent"));
    expect(JSON.stringify(seen)).toContain('"text":"closed"');

    const asked = await server.client.conversations.create({ sandbox: { network: "on" } });
    using own = probeConversation(server.client, asked.id);
    llm.push(call("terminal", { command: dial() }), say("Looked again."));
    await server.client.events.send(asked.id, { content: "look", run: true });
    expect(JSON.stringify(await own.event(kindOf("ObservationEvent")))).toContain('"text":"open"');
  });
});

describe("who comes in mid-stream", () => {
  it("gets the text so far, then the rest, then the stored message once", async () => {
    llm.push(slow("one two three four five six seven eight nine ten. ".repeat(6), 15));
    await send("count");
    await probe.transient((event) => event.kind === "StreamingDeltaEvent");
    using late = probeConversation(server.client, id);
    await late.event((event) => event.kind === "MessageEvent" && event.source === "agent");
    const deltas = late.transients.flatMap((event) =>
      event.kind === "StreamingDeltaEvent" ? [event.content ?? ""] : [],
    );
    expect(deltas.join("")).toMatch(/^one two three/);
    expect(
      late.events.filter((event) => event.kind === "MessageEvent" && event.source === "agent"),
    ).toHaveLength(1);
    expect(late.events.map((event) => event.seq)).toEqual(late.events.map((_, index) => index));
  });
});
