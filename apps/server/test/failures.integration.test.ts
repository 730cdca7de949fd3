/** What goes wrong outside is told in one clear sentence, and nothing is lost. */
import { execFile } from "node:child_process";
import { access, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { answer, call, fail, hang, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { failToStart, startServerProcess } from "./server-process.ts";

const run = promisify(execFile);
const model = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-wrong-0123456789" };

describe("a model that does not answer", () => {
  it("a wrong key ends the run with what to do, and a message continues it", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(fail(401, { error: { message: "Incorrect API key provided: sk-wrong-0123456789" } }));
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "hello", run: true },
    });
    using probe = probeConversation(server.client, id);
    const info = await probe.state(settled);
    expect(info).toMatchObject({ execution_status: "error", error: { code: "model_auth" } });
    expect(info.error?.detail).toMatch(/key.*Settings/i);
    expect(llm.requests).toHaveLength(1);

    llm.push(say("Now it works."));
    await server.client.events.send(id, { content: "again", run: true });
    await probe.event((event) => JSON.stringify(event).includes("Now it works."));
    expect((await probe.state(settled)).error).toBeNull();
  });

  it("an address where nothing listens is named", async () => {
    await using home = await temporaryHome();
    const env = { ...model, LLM_BASE_URL: "http://127.0.0.1:9/v1" };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    await server.client.settings.patch({ llm_attempts: 1 });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "hello", run: true },
    });
    using probe = probeConversation(server.client, id);
    const info = await probe.state(settled);
    expect(info).toMatchObject({ execution_status: "error", error: { code: "model_network" } });
    expect(info.error?.detail).toContain("127.0.0.1:9");
  });
});

describe("an answer that is cut off", () => {
  it.each([
    ["length", "model_length"],
    ["content_filter", "model_content_filter"],
  ] as const)("by %s ends the run with what to do, not as finished", async (finishReason, code) => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    // what a limit cuts off may go on, twice
    llm.push(...Array.from({ length: 3 }, () => answer({ text: "", finishReason })));
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "hello", run: true },
    });
    using probe = probeConversation(server.client, id);
    expect(await probe.state(settled)).toMatchObject({ execution_status: "error", error: { code } });
    expect(probe.events.some((event) => event.kind === "MessageEvent" && event.source === "agent")).toBe(
      false,
    );
  });
});

describe("no engine", () => {
  it("an explicit docker without an engine is an error with what to do, not a fallback", async () => {
    await using home = await temporaryHome();
    const env = { DOCKER_HOST: `unix://${join(home.path, "no.sock")}` };
    await using llm = await startScriptedLlm();
    llm.push(call("terminal", { command: "id" }));
    await using server = await startServerProcess({
      home: home.path,
      runtime: "docker",
      env: { ...env, ...model, LLM_BASE_URL: llm.url },
    });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "hello", run: true },
    });
    using probe = probeConversation(server.client, id);
    const info = await probe.state(settled);
    expect(info).toMatchObject({
      execution_status: "error",
      sandbox_status: "error",
      error: { code: "sandbox" },
    });
    expect(info.error?.detail).toMatch(/engine/i);
  });

  it("auto takes bubblewrap and says why", async () => {
    await using home = await temporaryHome();
    const env = { DOCKER_HOST: `unix://${join(home.path, "no.sock")}` };
    await using server = await startServerProcess({ home: home.path, runtime: "auto", env });
    const { runtime } = await server.client.system.get();
    expect(runtime.kind).toBe("bubblewrap");
    expect(runtime.message).toMatch(/engine/i);
  });
});

describe("start", () => {
  it("names a port that is in use", async () => {
    await using home = await temporaryHome();
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const failed = await failToStart({ home: home.path, flags: ["--port", String(port)] });
    holder.close();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(new RegExp(`^Port ${port} .* is in use\\..*--port`));
  });

  it("says in a sentence what is wrong with the home or the certificate", async () => {
    await using home = await temporaryHome();
    const file = join(home.path, "file");
    await writeFile(file, "");
    const port = ["--port", "0"];
    const cases = [
      { home: file, says: /is in its place/ },
      { home: join(file, "below"), says: /is in its place/ },
      { home: home.path, env: { TLS_CERT: file, TLS_KEY: file }, says: /TLS_CERT and TLS_KEY can't be used/ },
      { home: home.path, env: { TLS_CERT: file }, says: /belong together/ },
    ];
    for (const { says, ...options } of cases) {
      const failed = await failToStart({ ...options, flags: port });
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(says);
      expect(failed.stderr.trim().split("\n")).toHaveLength(1);
    }
  });

  it("refuses a second server on the same home", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path });
    const failed = await failToStart({ home: home.path, flags: ["--port", "0"] });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(server.url);
  });

  it("refuses to be open to the network without encryption or without a key", async () => {
    await using home = await temporaryHome();
    for (const flags of [
      ["--host", "0.0.0.0"],
      ["--host", "0.0.0.0", "--no-auth"],
    ]) {
      const failed = await failToStart({ home: home.path, flags });
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(/reachable|anyone/);
    }
    await expect(access(join(home.path, "session.key"))).rejects.toThrow();
  });
});

/** A home on a disk of its own, 2 MB large. */
async function smallDisk(): Promise<
  AsyncDisposable & { readonly path: string; fill(): Promise<void>; free(): Promise<void> }
> {
  const folder = await temporaryHome();
  const path = join(folder.path, "small");
  const filler = join(path, "filler");
  await run("mkdir", [path]);
  await run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", path]);
  return {
    path,
    fill: async () => void (await run("sh", ["-c", `cat /dev/zero > '${filler}' 2>/dev/null || true`])),
    free: async () => await writeFile(filler, ""),
    async [Symbol.asyncDispose]() {
      await run("umount", ["-l", path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("a full disk", () => {
  it("that the end of a run can't be written to is told to who looks on: paused, not running", async () => {
    await using disk = await smallDisk();
    await using llm = await startScriptedLlm();
    llm.push(hang());
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: disk.path, runtime: "bubblewrap", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "one", run: true },
    });
    using probe = probeConversation(server.client, id);
    await llm.waitForRequest(1);
    await disk.fill();
    // the last page of the log still has room: until nothing fits any more
    const fits = async (): Promise<boolean> =>
      await server.client.events.send(id, { content: "x" }).then(
        () => true,
        () => false,
      );
    while (await fits());
    await server.client.interrupt(id);
    expect((await probe.state((info) => info.execution_status === "paused")).notice).toMatch(/disk is full/);
    await disk.free();
    llm.push(say("after"));
    await server.client.events.send(id, { content: "two", run: true });
    await probe.event((event) => JSON.stringify(event).includes("after"));
    expect(await probe.state(settled)).toMatchObject({ execution_status: "finished", notice: null });
  });

  it("that fills in the middle of a run pauses it: the log is valid, says no more than was done, and goes on", async () => {
    await using disk = await smallDisk();
    const events = async (id: string): Promise<unknown> =>
      JSON.parse(await readFile(join(disk.path, "conversations", id, "events.json"), "utf8"));
    const responder = async () => {
      await disk.fill();
      return say(`It is long: ${"x".repeat(20_000)}`);
    };
    await using llm = await startScriptedLlm({ responder });
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: disk.path, runtime: "bubblewrap", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "one", run: true },
    });
    using probe = probeConversation(server.client, id);
    expect((await probe.state((info) => info.execution_status === "paused")).notice).toMatch(/disk is full/);
    expect(JSON.stringify(await events(id))).not.toContain("It is long");
    await disk.free();
    llm.push(say("after"));
    await server.client.events.send(id, { content: "two", run: true });
    await probe.event((event) => JSON.stringify(event).includes("after"));
    expect(await probe.state(settled)).toMatchObject({ execution_status: "finished", notice: null });
    expect(await events(id)).toEqual((await server.client.events.search(id)).items);
  });

  it("pauses with a clear error, loses nothing, and goes on when there is room", async () => {
    await using disk = await smallDisk();
    await using llm = await startScriptedLlm();
    llm.push(say("before"));
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: disk.path, runtime: "bubblewrap", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "one", run: true },
    });
    using probe = probeConversation(server.client, id);
    await probe.state(settled);
    await disk.fill();

    await expect(
      server.client.events.send(id, { content: "x".repeat(20_000), run: true }),
    ).rejects.toMatchObject({
      status: 507,
      code: "disk_full",
    });
    await disk.free();

    llm.push(say("after"));
    await server.client.events.send(id, { content: "two", run: true });
    await probe.event((event) => JSON.stringify(event).includes("after"));
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(probe.events.map((event) => event.seq)).toEqual(probe.events.map((_, index) => index));
    expect(JSON.stringify(probe.events)).toContain("before");
  });
});
