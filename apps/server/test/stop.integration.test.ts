/**
 * Stop and Pause, wherever the agent is when the person asks for it: the model's answer, a command, a sandbox that is
 * waited for, frozen or gone, a summary, the wait for another try. What was open is closed with what happened, once, and
 * a message continues.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { ConversationInfo, StoredEvent } from "@openhands/protocol";
import { call, fail, hang, historyFault, type Reply, say, type ScriptedLlm, slow } from "@openhands/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ConversationProbe, probeConversation, settled } from "./conversation-probe.ts";
import { freezeSandbox, killSandbox } from "./sandbox-processes.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let llm: ScriptedLlm;
let id: string;
let probe: ConversationProbe;
/** requests that came before this conversation's first */
let before: number;

const client = () => scripted.server.client;
const kinds = (kind: string): StoredEvent[] => probe.events.filter((event) => event.kind === kind);
const holds = (part: string) => (event: StoredEvent) => JSON.stringify(event).includes(part);
const status = (name: ConversationInfo["execution_status"]) => (info: ConversationInfo) =>
  info.execution_status === name;

beforeAll(async () => {
  scripted = await startScriptedServer();
  ({ llm } = scripted);
});

afterAll(async () => await scripted[Symbol.asyncDispose]());

beforeEach(async () => {
  before = llm.requests.length;
  ({ id } = await client().conversations.create());
  probe = probeConversation(client(), id);
  await probe.state(({ sandbox_status }) => sandbox_status === "ready");
});

afterEach(async () => {
  probe[Symbol.dispose]();
  await client().conversations.remove(id);
});

const callOf = (event: StoredEvent): unknown => event["tool_call_id"];
const work = async (...replies: readonly Reply[]): Promise<void> => {
  llm.push(...replies);
  await client().events.send(id, { content: "start", run: true });
};
const printed = async (): Promise<unknown> =>
  await probe.transient((event) => event.kind === "ToolOutputDeltaEvent");
const oneLongOutput = call("terminal", { command: "seq -f 'line %g of output' 1 1200" });

/** Nothing is open, the shell works, and a strict provider understands every request. */
async function continues(...first: readonly Reply[]): Promise<void> {
  llm.push(...first, call("terminal", { command: "echo us''able" }), say("Here again."));
  await client().events.send(id, { content: "go on", run: true });
  await probe.event(holds("Here again."));
  await probe.state(status("finished"));
  expect(kinds("ObservationEvent").some(holds("usable"))).toBe(true);
  const answered = [...kinds("ObservationEvent"), ...kinds("AgentErrorEvent")].map(callOf);
  expect(new Set(answered)).toEqual(new Set(kinds("ActionEvent").map(callOf)));
  expect(answered).toHaveLength(kinds("ActionEvent").length);
  const faults = llm.requests.slice(before).map(({ body }) => historyFault(body.messages));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
}

interface Moment {
  /** brings it about, and resolves when it is there */
  readonly reach: () => Promise<unknown>;
  /** actions that are open then */
  readonly open: number;
  /** what the model has to answer before it goes on with the conversation */
  readonly first?: readonly Reply[];
}

/** The one place for a sandbox is another conversation's. */
async function takePlace(): Promise<AsyncDisposable> {
  await client().settings.patch({ sandbox_max_running: 1 });
  llm.push(hang());
  const busy = await client().conversations.create({ initial_message: { content: "be busy", run: true } });
  using own = probeConversation(client(), busy.id);
  await own.state(({ sandbox_status }) => sandbox_status === "ready");
  await llm.waitForRequest(before + 1);
  before += 1;
  return {
    [Symbol.asyncDispose]: async () => {
      await client().conversations.remove(busy.id);
      await client().settings.patch({ sandbox_max_running: null });
    },
  };
}

/** A summary is asked for between two steps of a run, and the model answers with `summary`. */
async function condenseAtWork(...summary: readonly Reply[]): Promise<void> {
  const wait = "until [ -e go ]; do sleep 0.02; done";
  await work(oneLongOutput, oneLongOutput, call("terminal", { command: wait }), ...summary);
  await probe.event((event) => event.kind === "ActionEvent" && holds(wait)(event));
  await client().condense(id);
  await writeFile(join(scripted.home.path, "workspace", id, "go"), "");
  expect((await llm.waitForRequest(before + 4)).body.tools ?? []).toEqual([]);
}

const waitsForAnotherTry = fail(429, undefined, { "retry-after": "500" });
const trap = `sh -c 'trap "" INT TERM; echo trapped; sleep 1000 & sleep 1000'`;

const moments: Readonly<Record<string, Moment>> = {
  "the model has said nothing yet": {
    reach: async () => {
      await work(hang());
      await llm.waitForRequest(before + 1);
    },
    open: 0,
  },
  "the model is in the middle of its answer": {
    reach: async () => {
      await work(hang("Thinking about it"));
      await probe.transient((event) => event.kind === "StreamingDeltaEvent");
    },
    open: 0,
  },
  "another try of the model's call is waited for": {
    reach: async () => {
      await work(waitsForAnotherTry);
      await probe.state(({ retry }) => retry !== null);
    },
    open: 0,
  },
  "what came before is condensed": {
    reach: async () => await condenseAtWork(hang()),
    open: 0,
    first: [say("Done: two outputs. Open: nothing.")],
  },
  "a command runs that traps every signal it can": {
    reach: async () => {
      await work(call("terminal", { command: trap }));
      await printed();
    },
    open: 1,
  },
  "the sandbox has died and the model is told so": {
    reach: async () => {
      await work(call("terminal", { command: trap }), hang());
      await printed();
      await killSandbox(id);
      expect((await llm.waitForRequest(before + 2)).text).toContain("The sandbox failed while this tool");
    },
    open: 0,
  },
  "the sandbox does not answer any more": {
    reach: async () => {
      await work(call("terminal", { command: trap }));
      await printed();
      await freezeSandbox(id);
    },
    open: 1,
  },
};

describe.each(Object.entries(moments))("while %s", (_, { reach, open, first = [] }) => {
  it("Stop ends it, closes what was open, and a message continues", async () => {
    await reach();
    await client().interrupt(id);
    expect((await client().conversations.get(id)).execution_status).toBe("paused");
    await probe.event((event) => event.kind === "InterruptEvent");
    expect(kinds("AgentErrorEvent").filter(holds("stopped this tool"))).toHaveLength(open);
    await continues(...first);
    expect(kinds("InterruptEvent")).toHaveLength(1);
  });
});

describe("while a place for the sandbox is waited for", () => {
  const queued = async (): Promise<void> => {
    await work(call("terminal", { command: "echo ran" }));
    await probe.state(({ sandbox_status }) => sandbox_status === "queued");
  };

  it("Stop leaves the line, closes what was open, and a message continues", async () => {
    {
      await using _place = await takePlace();
      await queued();
      await client().interrupt(id);
      expect((await client().conversations.get(id)).execution_status).toBe("paused");
      await probe.state(({ sandbox_status }) => sandbox_status === "suspended");
      await probe.event((event) => event.kind === "InterruptEvent");
      expect(kinds("AgentErrorEvent").filter(holds("stopped this tool"))).toHaveLength(1);
    }
    await continues();
  });

  it("Pause is told, and ends the run once the command has had its place", async () => {
    {
      await using _place = await takePlace();
      await queued();
      await client().pause(id);
      expect((await probe.state(({ pausing }) => pausing)).execution_status).toBe("running");
    }
    await probe.state(status("paused"));
    expect(kinds("ObservationEvent").filter(holds("ran"))).toHaveLength(1);
    expect(kinds("PauseEvent")).toHaveLength(1);
    await continues();
  });
});

it("while the sandbox is made, which may take for ever: Stop ends it, and a message continues", async () => {
  const registry = createServer().listen(0, "127.0.0.1");
  await once(registry, "listening");
  const { port } = registry.address() as AddressInfo;
  await using docker = await startScriptedServer({ runtime: "docker" });
  const { client: own } = docker.server;
  docker.llm.push(call("terminal", { command: "echo never" }));
  const made = await own.conversations.create({
    sandbox: { image: `127.0.0.1:${port}/never:1` },
    initial_message: { content: "start", run: true },
  });
  using seen = probeConversation(own, made.id);
  await seen.state(({ sandbox_status }) => sandbox_status === "preparing_image");
  await seen.event((event) => event.kind === "ActionEvent");
  await own.interrupt(made.id);
  expect((await own.conversations.get(made.id)).execution_status).toBe("paused");
  docker.llm.push(say("Here again."));
  await own.events.send(made.id, { content: "go on", run: true });
  await seen.event(holds("Here again."));
  expect((await seen.state(status("finished"))).error).toBeNull();
  const closed = seen.events.filter((event) => event.kind === "AgentErrorEvent");
  expect(closed.map(holds("stopped this tool"))).toEqual([true]);
  expect(historyFault(docker.llm.requests.at(-1)?.body.messages ?? [])).toBeNull();
  registry.close();
});

it("while a condensation that the person wished for works: Stop ends it, and nothing is changed", async () => {
  await work(oneLongOutput, oneLongOutput, say("Counted."), hang());
  await probe.state(settled);
  const { length } = probe.events;
  const refused = expect(client().condense(id)).rejects.toMatchObject({ status: 409, code: "wrong_state" });
  await llm.waitForRequest(before + 4);
  await client().interrupt(id);
  await refused;
  expect((await client().conversations.get(id)).execution_status).toBe("finished");
  expect(probe.events).toHaveLength(length);
  await continues();
});

describe("Pause", () => {
  const paused = async (): Promise<void> => {
    await probe.state(status("paused"));
    expect(kinds("PauseEvent")).toHaveLength(1);
    expect(kinds("InterruptEvent")).toEqual([]);
    expect(kinds("AgentErrorEvent")).toEqual([]);
  };

  it("while the model answers lets the answer come, and nothing is lost of it", async () => {
    await work(slow("Almost done with all of this. ".repeat(4), 10));
    await probe.transient((event) => event.kind === "StreamingDeltaEvent");
    await client().pause(id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(kinds("MessageEvent").some(holds("this. Almost"))).toBe(true);
    await continues();
  });

  it("while what came before is condensed comes before the model is asked again", async () => {
    await condenseAtWork(slow("Done: two outputs. Open: nothing. ".repeat(4), 10));
    await client().pause(id);
    await paused();
    expect(kinds("Condensation")).toHaveLength(1);
    expect(llm.requests).toHaveLength(before + 4);
    await continues();
  });

  it("while another try of the model's call is waited for does not wait for it", async () => {
    await work(waitsForAnotherTry);
    await probe.state(({ retry }) => retry !== null);
    await client().pause(id);
    await paused();
    expect((await client().conversations.get(id)).retry).toBeNull();
    await continues();
  });

  it("that waits for a command becomes a stop when the person does not want to wait", async () => {
    await work(call("terminal", { command: trap }));
    await printed();
    await client().pause(id);
    await probe.state(({ pausing }) => pausing);
    await client().interrupt(id);
    await probe.state(status("paused"));
    expect(kinds("AgentErrorEvent").map(holds("stopped this tool"))).toEqual([true]);
    expect(kinds("PauseEvent")).toEqual([]);
    await continues();
  });
});
