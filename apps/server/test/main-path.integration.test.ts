/** A message becomes work done in a sandbox, and all of it is kept: the whole path, on each kind of sandbox. */
import { chown, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseEvent, type StoredEvent } from "@openhands/protocol";
import {
  call,
  primesOutput,
  primesScript,
  primesTask,
  say,
  startScriptedLlm,
  temporaryHome,
} from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

const apiKey = "sk-canary-0123456789abcdef";

async function logOnDisk(home: string, id: string): Promise<StoredEvent[]> {
  const rows: unknown = JSON.parse(await readFile(join(home, "conversations", id, "events.json"), "utf8"));
  if (!Array.isArray(rows)) throw new Error("events.json is no array");
  return rows.map((row) => parseEvent(row));
}

const kinds = (events: readonly StoredEvent[]): string[] => events.map((event) => event.kind);

describe.each(["docker", "bubblewrap"] as const)("in %s", (runtime) => {
  it("does the work, keeps every event, and goes on after a restart", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(...primesScript());
    const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: apiKey };
    let id: string;
    {
      await using server = await startServerProcess({ home: home.path, runtime, env });
      const created = await server.client.conversations.create({});
      ({ id } = created);
      using probe = probeConversation(server.client, id);
      await server.client.events.send(id, { content: primesTask, run: true });
      const end = await probe.state(settled);
      expect(end.execution_status).toBe("finished");
      expect(end.sandbox).toMatchObject({ status: "ready", runtime });

      const primes = join(home.path, "workspace", id, "primes.txt");
      expect(await readFile(primes, "utf8")).toBe(primesOutput);
      const [file, folder] = await Promise.all([stat(primes), stat(join(home.path, "workspace", id))]);
      expect(file.uid).toBe(folder.uid);

      const story = await logOnDisk(home.path, id);
      expect(story.map((event) => event.seq)).toEqual(story.map((_, index) => index));
      for (const kind of ["SystemPromptEvent", "MessageEvent", "ActionEvent", "ObservationEvent"]) {
        expect(kinds(story)).toContain(kind);
      }
      expect(await server.stop()).toBe(0);
    }

    const before = await logOnDisk(home.path, id);
    llm.push(call("terminal", { command: "wc -l < primes.txt" }), say("The file has 20 lines."));
    await using server = await startServerProcess({ home: home.path, runtime, env });
    const { items } = await server.client.conversations.search();
    expect(items.map((item) => item.id)).toEqual([id]);
    expect(items[0]).toMatchObject({ execution_status: "finished", last_seq: before.length - 1 });
    using probe = probeConversation(server.client, id);
    await server.client.events.send(id, { content: "How many lines has it?", run: true });
    await probe.event((event) => JSON.stringify(event).includes("The file has 20 lines."));
    await probe.state(settled);
    expect(probe.events.slice(0, before.length)).toEqual(before);
    const counted = probe.events.findLast((event) => event.kind === "ObservationEvent");
    expect(JSON.stringify(counted)).toContain("20");
    expect(await server.client.finalResponse(id)).toBe("The file has 20 lines.");
  });

  it("keeps the key out of everything but the model call", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(
      call("terminal", { command: "env; echo $LLM_API_KEY; cat /proc/1/environ" }),
      say(`Your key is ${apiKey}.`),
    );
    await using server = await startServerProcess({ home: home.path, runtime });
    const settings = await server.client.settings.patch({
      llm_model: "openai/scripted",
      llm_base_url: llm.url,
      llm_api_key: apiKey,
    });
    expect(settings.llm_api_key_set).toBe(true);
    const { id } = await server.client.conversations.create({
      initial_message: { content: "Show me my key", run: true },
    });
    using probe = probeConversation(server.client, id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(llm.requests[0]?.headers["authorization"]).toBe(`Bearer ${apiKey}`);
    const { execFile } = await import("node:child_process");
    const { promisify } = await import("node:util");
    const found = await promisify(execFile)("grep", ["-rlF", apiKey, home.path]).catch(
      (error: { stdout: string }) => error,
    );
    expect(found.stdout).toBe("");
    expect(JSON.stringify([probe.events, probe.transients])).not.toContain(apiKey);
    expect(server.log()).not.toContain(apiKey);
  });
});

describe("a server run as root on a home that is somebody else's", () => {
  it.each(["docker", "bubblewrap"] as const)(
    "leaves the agent's files to that user, in %s",
    async (runtime) => {
      await using home = await temporaryHome();
      await chown(home.path, 1234, 1234);
      await using server = await startServerProcess({ home: home.path, runtime });
      const { id } = await server.client.conversations.create({
        initial_message: { content: primesTask, run: true },
      });
      using probe = probeConversation(server.client, id);
      expect((await probe.state(settled)).execution_status).toBe("finished");
      const primes = await stat(join(home.path, "workspace", id, "primes.txt"));
      expect(primes).toMatchObject({ uid: 1234, gid: 1234 });
    },
  );
});

describe("without a key", () => {
  it("the demonstration model does real work", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const { id, llm_model: model } = await server.client.conversations.create({
      initial_message: { content: primesTask, run: true },
    });
    expect(model).toBe("demo/tour");
    using probe = probeConversation(server.client, id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    const primes = await readFile(join(home.path, "workspace", id, "primes.txt"), "utf8");
    expect(primes.trim().split(/\s+/)).toHaveLength(20);
  });
});
