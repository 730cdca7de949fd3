/** Actions that wait for a person: what is asked, what a yes and a no do, and that nothing runs without one. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConversationInfo, StoredEvent } from "@openhands/protocol";
import { answer, call, historyFault, say, type ScriptedLlm } from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConversationProbe, probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let llm: ScriptedLlm;
let id: string;
let probe: ConversationProbe;

const client = () => scripted.server.client;
const status = (name: ConversationInfo["execution_status"]) => (info: ConversationInfo) =>
  info.execution_status === name;
const kinds = (kind: string): StoredEvent[] => probe.events.filter((event) => event.kind === kind);
const request = (n: number): string => JSON.stringify(llm.requests[n]?.body.messages);
const send = async (content: string) => await client().events.send(id, { content, run: true });

/** The action with `part` in it waits for the person. */
async function waitsWith(part: string): Promise<void> {
  const { seq } = await probe.event(
    (event) => event.kind === "ActionEvent" && JSON.stringify(event).includes(part),
  );
  await probe.state((info) => status("waiting_for_confirmation")(info) && info.last_seq > seq);
}

async function begin(policy: "AlwaysConfirm" | "ConfirmRisky"): Promise<void> {
  const confirmation_policy =
    policy === "AlwaysConfirm"
      ? { kind: policy }
      : ({ kind: policy, threshold: "HIGH", confirm_unknown: true } as const);
  ({ id } = await client().conversations.create({ confirmation_policy }));
  probe = probeConversation(client(), id);
}

beforeEach(async () => {
  scripted = await startScriptedServer();
  ({ llm } = scripted);
});

afterEach(async () => {
  probe[Symbol.dispose]();
  await scripted[Symbol.asyncDispose]();
});

describe("where everything is asked about", () => {
  beforeEach(async () => await begin("AlwaysConfirm"));

  it("an action waits, runs once after a yes, and the agent goes on", async () => {
    llm.push(call("terminal", { command: "echo ran >> runs.txt; cat runs.txt" }), say("Done."));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    expect(kinds("ObservationEvent")).toEqual([]);
    await client().confirmation.respond(id, { accept: true });
    await probe.state(status("finished"));
    expect(kinds("ObservationEvent")).toHaveLength(1);
    const [observation] = kinds("ObservationEvent");
    expect(observation).toMatchObject({
      observation: { content: [{ text: expect.stringMatching(/^ran\s*$/) }] },
    });
  });

  it("a no with a reason is what the model sees next; nothing ran", async () => {
    llm.push(call("terminal", { command: "touch made" }), say("Then not."));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await client().confirmation.respond(id, { accept: false, reason: "not here" });
    await probe.state(status("finished"));
    expect(request(1)).toContain("Action rejected: not here");
    expect(kinds("ObservationEvent")).toEqual([]);
  });

  it("a no without a reason waits for a message", async () => {
    llm.push(call("terminal", { command: "touch made" }), say("What else?"));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await client().confirmation.respond(id, { accept: false });
    await probe.state(status("idle"));
    expect(llm.requests).toHaveLength(1);
    expect(kinds("UserRejectObservation")).toMatchObject([{ rejection_reason: "User rejected the action." }]);
    await send("do something else");
    await probe.state(status("finished"));
    expect(request(1)).toContain("Action rejected");
  });

  it("a message rejects what waits, and is answered", async () => {
    llm.push(call("terminal", { command: "touch made" }), say("As you wish."));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await send("look first");
    await probe.state(status("finished"));
    expect(kinds("UserRejectObservation")).toHaveLength(1);
    expect(kinds("ObservationEvent")).toEqual([]);
    expect(request(1)).toContain("look first");
    expect(llm.requests).toHaveLength(2);
  });

  it("messages and a yes at the same moment: one of them decides, and each action has one answer", async () => {
    llm.push(
      call("terminal", { command: "echo ran >> runs.txt" }),
      ...Array.from({ length: 4 }, () => say("Well.")),
    );
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    const yes = client().confirmation.respond(id, { accept: true });
    await Promise.allSettled([send("one"), yes, send("two"), send("three")]);
    await probe.state(status("finished"));
    const answered = [...kinds("UserRejectObservation"), ...kinds("ObservationEvent")];
    expect(answered).toHaveLength(1);
  });

  it("a yes of two clients allows what both have seen, and nothing that came to wait in between", async () => {
    const command = (name: string) => call("terminal", { command: `echo ${name} >> runs.txt` });
    llm.push(command("one"), command("two"), say("Then not."));
    await send("start");
    await waitsWith("echo one");
    const yes = { accept: true, action_ids: kinds("ActionEvent").map((event) => event.id) };
    await client().confirmation.respond(id, yes);
    await waitsWith("echo two");
    await expect(client().confirmation.respond(id, yes)).rejects.toMatchObject({ status: 409 });
    const no = { ...yes, accept: false };
    await expect(client().confirmation.respond(id, no)).rejects.toMatchObject({ status: 409 });
    expect(kinds("ActionEvent")).toHaveLength(2);
    expect(kinds("ObservationEvent")).toHaveLength(1);
    await client().confirmation.respond(id, { accept: false, reason: "once is enough" });
    await probe.state(status("finished"));
    expect(kinds("UserRejectObservation")).toHaveLength(1);
  });

  it("a no to several calls of one answer is a no to each, with its reason, and nothing ran", async () => {
    const calls = ["one", "two", "three"].map((name) => ({
      name: "terminal",
      arguments: { command: `touch ${name}` },
    }));
    llm.push(answer({ calls }), call("glob", { pattern: "*" }), say("Then not."));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await client().confirmation.respond(id, { accept: false, reason: "no" });
    await waitsWith("GlobAction");
    expect(kinds("UserRejectObservation").map((event) => event["rejection_reason"])).toEqual([
      "no",
      "no",
      "no",
    ]);
    expect(request(1).match(/Action rejected: no/g)).toHaveLength(3);
    await client().confirmation.respond(id, { accept: true });
    await probe.state(status("finished"));
    const [listed] = kinds("ObservationEvent");
    expect(JSON.stringify(listed)).not.toMatch(/workspace\/(one|two|three)/);
  });

  it("a run can't be started past it, a pause changes nothing, and nothing else can be answered", async () => {
    llm.push(call("terminal", { command: "touch made" }));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await expect(client().run(id)).rejects.toMatchObject({ status: 409 });
    await client().pause(id);
    expect((await client().conversations.get(id)).execution_status).toBe("waiting_for_confirmation");
    await client().confirmation.respond(id, { accept: false });
    await expect(client().confirmation.respond(id, { accept: true })).rejects.toMatchObject({ status: 409 });
  });

  it("what only speaks or thinks never waits", async () => {
    llm.push(call("think", { thought: "hm" }), call("finish", { message: "All done." }));
    await send("start");
    await probe.state(status("finished"));
    expect(llm.requests).toHaveLength(2);
  });

  it("a yes for the conversation covers the like, not the rest", async () => {
    llm.push(
      call("terminal", { command: "echo one" }),
      call("terminal", { command: "echo two" }),
      call("terminal", { command: "cat /etc/os-release" }),
    );
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await client().confirmation.respond(id, { accept: true, scope: "conversation" });
    await probe.event((event) => JSON.stringify(event).includes("os-release"));
    await probe.state((info) => status("waiting_for_confirmation")(info) && llm.requests.length === 3);
    expect(kinds("ObservationEvent")).toHaveLength(2);
  });

  it("waits through a restart, and only a yes runs it", async () => {
    llm.push(call("terminal", { command: "echo ran > ran.txt; cat ran.txt" }), say("Done."));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await scripted.restart();
    probe[Symbol.dispose]();
    probe = probeConversation(client(), id);
    expect((await client().conversations.get(id)).execution_status).toBe("waiting_for_confirmation");
    await client().confirmation.respond(id, { accept: true });
    await probe.state(status("finished"));
    expect(kinds("ObservationEvent")).toHaveLength(1);
  });
});

describe("over a restart", () => {
  beforeEach(async () => await begin("AlwaysConfirm"));

  it("what is always allowed is not asked about in another conversation either", async () => {
    llm.push(call("terminal", { command: "echo one" }), say("Done."));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await client().confirmation.respond(id, { accept: true, scope: "always" });
    await probe.state(status("finished"));
    await scripted.restart();
    probe[Symbol.dispose]();
    await begin("AlwaysConfirm");
    llm.push(call("terminal", { command: "echo two" }), call("terminal", { command: "cat /etc/os-release" }));
    await send("start");
    await probe.event(
      (event) => event.kind === "ActionEvent" && JSON.stringify(event).includes("os-release"),
    );
    await probe.state((info) => status("waiting_for_confirmation")(info) && llm.requests.length === 4);
    expect(kinds("ObservationEvent")).toHaveLength(1);
    await client().settings.patch({ always_allowed: [] });
    await client().confirmation.respond(id, { accept: false });
    llm.push(call("terminal", { command: "echo three" }));
    await send("once more");
    await probe.state((info) => status("waiting_for_confirmation")(info) && llm.requests.length === 5);
    expect(kinds("ObservationEvent")).toHaveLength(1);
  });

  it("an action that holds a hidden value is asked for again, and not executed by a yes", async () => {
    const value = "canary-value-0123456789";
    await client().secrets.put("MY_TOKEN", { value });
    llm.push(
      call("terminal", { command: `echo ran ${value} > ran.txt` }),
      call("terminal", { command: "ls -A; echo $MY_TOKEN" }),
      say("By its variable."),
    );
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await scripted.restart();
    probe[Symbol.dispose]();
    probe = probeConversation(client(), id);
    await client().confirmation.respond(id, { accept: true });
    const refused = await probe.event((event) => event.kind === "AgentErrorEvent");
    expect(JSON.stringify(refused)).toContain("Nothing was executed");
    await probe.state((info) => status("waiting_for_confirmation")(info) && llm.requests.length === 2);
    await client().confirmation.respond(id, { accept: true });
    await probe.state(status("finished"));
    expect(kinds("ObservationEvent")).toHaveLength(1);
    expect(JSON.stringify(kinds("ObservationEvent"))).toContain('"text":"<secret-hidden>');
    expect(JSON.stringify(probe.events)).not.toContain(value);
  });
});

describe("where what is risky is asked about", () => {
  beforeEach(async () => await begin("ConfirmRisky"));

  it("the ordinary runs, one risky call holds its whole answer, and a yes runs all in order", async () => {
    llm.push(
      call("terminal", { command: "echo ordinary" }),
      answer({
        calls: [
          { name: "terminal", arguments: { command: "echo first > order.txt" } },
          {
            name: "terminal",
            arguments: { command: "git init -q . && git -C . push || echo second >> order.txt" },
          },
          { name: "terminal", arguments: { command: "cat order.txt" } },
        ],
      }),
      say("Done."),
    );
    await send("start");
    const info = await probe.state(status("waiting_for_confirmation"));
    expect(info.confirmation_policy.kind).toBe("ConfirmRisky");
    expect(kinds("ObservationEvent")).toHaveLength(1);
    const risks = kinds("ActionEvent").map((event) => event["security_risk"]);
    expect(risks).toEqual(["LOW", "LOW", "HIGH", "LOW"]);
    await client().confirmation.respond(id, { accept: true });
    await probe.state(status("finished"));
    expect(request(2)).toContain("first\\nsecond");
  });

  it("the model is asked what it thinks, and its word counts", async () => {
    llm.push(call("terminal", { command: "ls", security_risk: "HIGH" }));
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    expect(JSON.stringify(llm.requests[0]?.body.tools)).toContain("security_risk");
    await client().confirmation.respond(id, { accept: false });
  });

  it("a policy that is changed while actions wait decides on the next ones: these go on waiting", async () => {
    llm.push(
      call("terminal", { command: "git push" }),
      call("terminal", { command: "git push" }),
      say("Done."),
    );
    await send("start");
    await probe.state(status("waiting_for_confirmation"));
    await client().confirmation.setPolicy(id, { kind: "NeverConfirm" });
    await expect(client().run(id)).rejects.toMatchObject({ status: 409 });
    expect((await client().conversations.get(id)).execution_status).toBe("waiting_for_confirmation");
    expect(kinds("ObservationEvent")).toEqual([]);
    await client().confirmation.respond(id, { accept: true });
    await probe.state(status("finished"));
    expect(kinds("ObservationEvent")).toHaveLength(2);
  });

  it("a stricter policy holds what is left of an answer of which something runs already", async () => {
    await client().confirmation.setPolicy(id, { kind: "NeverConfirm" });
    const commands = ["until [ -e go ]; do sleep 0.02; done", "touch second", "git push", "cat third"];
    const calls = commands.map((command) => ({ name: "terminal", arguments: { command } }));
    llm.push(answer({ calls }), say("Then not."));
    await send("start");
    const { seq } = await probe.event((event) => JSON.stringify(event["action"] ?? "").includes("cat third"));
    await client().confirmation.setPolicy(id, { kind: "AlwaysConfirm" });
    await writeFile(join(scripted.home.path, "workspace", id, "go"), "");
    await probe.state((info) => status("waiting_for_confirmation")(info) && info.last_seq > seq);
    expect(kinds("ObservationEvent")).toHaveLength(1);
    await client().confirmation.respond(id, { accept: false, reason: "enough" });
    await probe.state(status("finished"));
    expect(kinds("ObservationEvent")).toHaveLength(1);
    expect(kinds("UserRejectObservation")).toHaveLength(3);
    expect(historyFault(llm.requests[1]?.body.messages ?? [])).toBeNull();
  });

  it("the policy can be changed while it works", async () => {
    await client().confirmation.setPolicy(id, { kind: "NeverConfirm" });
    llm.push(call("terminal", { command: "git push" }), say("Pushed, or not."));
    await send("start");
    const info = await probe.state(settled);
    expect(info.execution_status).toBe("finished");
    expect(info.confirmation_policy.kind).toBe("NeverConfirm");
  });
});
