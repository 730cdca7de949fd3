/** The agent's shell as a person meets it: a long command watched, one stopped, and what is kept when its sandbox goes. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { call, say } from "@openhands/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { agentRuns } from "./agent-runs.ts";
import { type ConversationProbe, probeConversation, settled } from "./conversation-probe.ts";
import { containerOf, docker } from "./engine-containers.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let id: string;

/**
 * Resolves once `text` has come over the socket while the command runs. It ends with what begins no secret, or its end
 * would wait for what follows.
 */
async function printed(probe: ConversationProbe, text: string): Promise<void> {
  await probe.transient(() => {
    const parts = probe.transients.map((event) =>
      event.kind === "ToolOutputDeltaEvent" ? event.content : "",
    );
    return parts.join("").includes(text);
  });
}

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
  });
  beforeEach(async () => {
    ({ id } = await scripted.server.client.conversations.create());
  });
  afterAll(async () => await scripted[Symbol.asyncDispose]());

  /** Command lines of all that runs in the conversation's sandbox. */
  async function processes(): Promise<string> {
    if (runtime === "docker") return await docker("top", containerOf(id), "-eo", "pid,args");
    // a namespace of this machine: its processes are seen from here
    return (await promisify(execFile)("ps", ["-eo", "pid,args"])).stdout;
  }

  it("a long command is one action that is watched part by part, and one observation", async () => {
    const { llm, server } = scripted;
    const { client } = server;
    const step = (part: number): string => `echo part ${part}.; until [ -e go-${part} ]; do sleep 0.05; done`;
    const build = `for i in 1; do ${[1, 2, 3].map(step).join("; ")}; echo built; done`;
    llm.push(call("terminal", { command: build, timeout: 1800 }), say("It is built."));
    using probe = probeConversation(client, id);
    await client.events.send(id, { content: "build", run: true });
    for (const part of [1, 2, 3]) {
      // the next one is not printed before this one was seen
      await printed(probe, `part ${part}.`);
      await client.files.write(id, `go-${part}`, "");
    }
    await probe.event((event) => JSON.stringify(event).includes("It is built."));
    const observations = probe.events.filter(({ kind }) => kind === "ObservationEvent");
    expect(observations).toHaveLength(1);
    expect(JSON.stringify(observations)).toContain(String.raw`part 1.\npart 2.\npart 3.\nbuilt`);
    expect(probe.events.filter(({ kind }) => kind === "ActionEvent")).toHaveLength(1);
  });

  it("a stop ends all of a command, what traps and what left its group too, and leaves the shell", async () => {
    const { llm, server } = scripted;
    const mark = `41${Math.floor(Math.random() * 1e7)}`;
    const trapping = `trap "" INT TERM HUP; sleep ${mark} & setsid sleep ${mark} & echo started.; sleep ${mark}`;
    await agentRuns(scripted, id, "KEPT=still; cd /tmp");
    llm.push(call("terminal", { command: `sh -c '${trapping}'`, timeout: 1800 }));
    using probe = probeConversation(server.client, id);
    await server.client.events.send(id, { content: "wait", run: true });
    await printed(probe, "started.");
    expect((await processes()).split(`sleep ${mark}`).length).toBeGreaterThan(3);
    await server.client.interrupt(id);
    expect(await processes()).not.toContain(mark);
    await agentRuns(scripted, id, "echo $KEPT in $PWD");
    await probe.event((event) => JSON.stringify(event).includes("still in /tmp"));
  });

  it("after a suspend the shell is in its last folder with what was exported, no secret, and says so", async () => {
    const { server, home } = scripted;
    // the model's key is a secret of this server; it is put together so that the command does not hold it
    await agentRuns(
      scripted,
      id,
      "mkdir -p in/here; cd in/here; export MOOD=fine TOKEN=sk-01234''56789 WORD=a; touch /tmp/gone",
    );
    await server.client.suspend(id);
    expect((await server.client.conversations.get(id)).sandbox_status).toBe("suspended");
    const kept = await readFile(join(home.path, "conversations", id, "shell.json"), "utf8");
    expect(kept).toContain('"MOOD": "fine"');
    expect(kept).not.toContain("sk-01234");
    await agentRuns(scripted, id, 'echo "$MOOD ${TOKEN-none} ${PWD##*/in/}"; ls /tmp/gone');
    using probe = probeConversation(server.client, id);
    const observation = await probe.event(
      (event) => event.kind === "ObservationEvent" && JSON.stringify(event).includes("fine none here"),
    );
    expect(JSON.stringify(observation)).toContain("The sandbox is a fresh one");
    expect(JSON.stringify(observation)).toMatch(/new shell in [^"]*\/in\/here, with the exported variables/);
    expect(JSON.stringify(observation)).toMatch(/gone[^"]*No such file/);
    await probe.state(settled);
  });
});
