/** `kill -9` in mid-run: nothing acknowledged is lost, nothing old goes on, the conversation continues. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConversationId, type StoredEvent } from "@openhands/protocol";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

/** Processes on this machine, containers included, with `marker` in their command line. */
async function processesWith(marker: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid,args"]);
  return stdout.split("\n").filter((line) => line.includes(marker) && !line.includes("ps -eo"));
}

const isOpenAction = (event: StoredEvent): boolean => event.kind === "ActionEvent";

describe.each(["docker", "bubblewrap"] as const)("in %s", (runtime) => {
  it("closes what was open, ends the old command, and continues on a message", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
    const marker = `31${Math.floor(Math.random() * 1e7)}`;
    llm.push(
      call("terminal", { command: "echo kept > kept.txt; mkdir sub; cd sub; export MOOD=fine" }),
      call("terminal", { command: `sleep ${marker}` }),
    );
    const first = await startServerProcess({ home: home.path, runtime, env });
    const { id } = await first.client.conversations.create({
      initial_message: { content: "Wait long", run: true },
    });
    let seen: StoredEvent[];
    {
      using probe = probeConversation(first.client, id);
      await probe.event((event) => isOpenAction(event) && JSON.stringify(event).includes(marker));
      await expect
        .poll(async () => await processesWith(`sleep ${marker}`), { timeout: 60_000 })
        .not.toEqual([]);
      await first.kill();
      seen = [...probe.events];
    }

    await using second = await startServerProcess({ home: home.path, runtime, env });
    using probe = probeConversation(second.client, id);
    const info = await probe.state((state) => state.execution_status === "paused");
    expect(info.id).toBe(ConversationId.parse(id));
    const closed = await probe.event((event) => event.kind === "AgentErrorEvent");
    expect(JSON.stringify(closed)).toContain("A restart occurred while this tool was in progress");
    expect(probe.events.slice(0, seen.length)).toEqual(seen);
    await probe.state((state) => state.sandbox_status !== "creating");
    await expect.poll(async () => await processesWith(`sleep ${marker}`), { timeout: 20_000 }).toEqual([]);

    llm.push(call("terminal", { command: "cat ../kept.txt; pwd; echo $MOOD" }), say("It was kept."));
    await second.client.events.send(id, { content: "Go on", run: true });
    await probe.event((event) => JSON.stringify(event).includes("It was kept."));
    expect((await probe.state(settled)).execution_status).toBe("finished");
    const answers = probe.events.filter((event) =>
      ["ObservationEvent", "AgentErrorEvent"].includes(event.kind),
    );
    const actions = probe.events.filter(isOpenAction);
    expect(answers).toHaveLength(actions.length);
    const last = JSON.stringify(answers.at(-1));
    expect(last).toMatch(/kept\\n[^"]*\/sub\\nfine"/);
    const told = { docker: "OpenHands was restarted", bubblewrap: "The sandbox is a fresh one" };
    expect(last).toContain(told[runtime]);
  });
});
