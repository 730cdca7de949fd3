/** Answers that are made while they are read: a failure is a status and a sentence before the first byte, a cut after it. */
import { execFile } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentRuns } from "./agent-runs.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;

async function get(path: string, init: RequestInit = {}): Promise<Response> {
  const { url, key } = scripted.server;
  const headers = { "x-session-api-key": key };
  return await fetch(`${url}/api/conversations/${path}`, { ...init, headers });
}

/** Whether another program takes the archive for a whole one. */
async function isWholeZip(bytes: Uint8Array): Promise<boolean> {
  const path = join(scripted.home.path, "seen.zip");
  await writeFile(path, bytes);
  const script = "import sys, zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None";
  return await promisify(execFile)("python3", ["-c", script, path]).then(
    () => true,
    () => false,
  );
}

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  it("an archive whose sandbox goes in the middle is cut off, and so is a file", async () => {
    const { client } = scripted.server;
    const { id } = await client.conversations.create();
    await agentRuns(scripted, id, "head -c 300000000 /dev/urandom >large");
    for (const path of ["download", "export", "file?path=large"]) {
      const answer = await get(`${id}/${path}`);
      expect(answer.status, path).toBe(200);
      const reader = answer.body?.getReader();
      // beyond the log, which an archive begins with
      for (let bytes = 0; bytes < 1_000_000;) bytes += (await reader?.read())?.value?.length ?? 0;
      await client.suspend(id);
      const rest = async (): Promise<void> => {
        while ((await reader?.read())?.done === false);
      };
      await expect(rest(), path).rejects.toThrow("terminated");
    }
    expect(scripted.server.log()).toContain("an answer broke off");
  });

  it("an archive whose packing is killed again and again is whole, or refused, or cut off", async () => {
    const { id } = await scripted.server.client.conversations.create();
    const killer =
      "(while :; do pkill -9 -x tar; done) >/dev/null 2>&1 & for i in $(seq 300); do echo $i >$i; done";
    await agentRuns(scripted, id, killer);
    const outcomes = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const answer = await get(`${id}/download`);
      if (answer.status === 200) {
        const bytes = await answer.bytes().catch(() => null);
        outcomes.add(bytes === null ? "cut" : (await isWholeZip(bytes)) ? "whole" : "short");
      } else outcomes.add(`${answer.status} ${(JSON.parse(await answer.text()) as { code: string }).code}`);
    }
    expect(["503 unavailable", "cut", "whole"]).toEqual(expect.arrayContaining([...outcomes]));
  });

  it("what is asked for its head alone, or left before its first byte, lets go of the sandbox", async () => {
    const { client } = scripted.server;
    const { id } = await client.conversations.create();
    await client.files.write(id, "a", "a");
    for (const path of ["download", "export", "file?path=a"]) {
      const head = await get(`${id}/${path}`, { method: "HEAD" });
      expect([head.status, await head.text()], path).toEqual([200, ""]);
      await get(`${id}/${path}`, { signal: AbortSignal.timeout(1) }).catch(() => null);
    }
    // a sandbox that somebody uses is not let go
    const tidied = async (): Promise<string> => {
      await client.system.cleanUp();
      return (await client.conversations.get(id)).sandbox_status;
    };
    await expect.poll(tidied).toBe("suspended");
  });
});

describe("what lies in the home and can't be read", () => {
  beforeAll(async () => {
    scripted = await startScriptedServer();
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  it("is answered with {detail, code} and no path of this machine, and cuts off what has begun", async () => {
    const { client } = scripted.server;
    const { id } = await client.conversations.create();
    await agentRuns(scripted, id, "seq 1 20000");
    const folder = join(scripted.home.path, "conversations", id, "observations");
    const [name = ""] = await readdir(folder);
    await rm(join(folder, name));
    await mkdir(join(folder, name));
    const { items } = await client.events.search(id, { kind: "ObservationEvent" });
    const answer = await get(`${id}/events/${items[0]?.id}/output`);
    expect(answer.status).toBe(500);
    const told = await answer.text();
    expect(JSON.parse(told)).toEqual({ detail: expect.any(String) as string, code: "internal" });
    expect(told).not.toContain(scripted.home.path);
    const archive = await get(`${id}/export`);
    expect(archive.status).toBe(200);
    await expect(archive.bytes()).rejects.toThrow("terminated");
  });
});
