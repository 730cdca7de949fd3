/** A run that does its best to spread its secrets; afterwards they are in no file, answer, frame, log line or container. */
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const canaries = {
  LLM_API_KEY: "sk-canary/model+key=0123456789",
  MY_TOKEN: 'canary token & "secret" 9876543210',
  OWN_TOKEN: "canary-of-one-conversation-5544332211",
} as const;

/** As they are, and as text that travels holds them. */
const forms = Object.values(canaries).flatMap((value) => {
  const json = JSON.stringify(value).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
      .toString("base64")
      .slice(4, -6),
  );
  return [value, json, encodeURIComponent(value), ...base64];
});
const leaks = (text: string): string[] => forms.filter((form) => text.includes(form));

const commands = [
  "env | sort",
  'echo "$MY_TOKEN"; echo "$OWN_TOKEN" >&2',
  'printf %s "$MY_TOKEN" | base64; printf x%s "$OWN_TOKEN" | base64; printf xx%s "$MY_TOKEN" | base64 -w0',
  'echo "token: $MY_TOKEN" > kept.txt; printf %s "$OWN_TOKEN" | base64 > kept.b64',
  `for i in $(seq 9000); do echo "line $i $OWN_TOKEN"; done`,
  `cat /proc/1/environ /proc/*/environ 2>/dev/null | tr '\\0' '\\n'`,
];

describe.each(["docker", "bubblewrap"] as const)("in %s", (runtime) => {
  it("no secret is found anywhere after a full run", async () => {
    await using home = await temporaryHome();
    let next = 0;
    await using llm = await startScriptedLlm({
      responder: () => {
        const command = commands[next];
        next += 1;
        return command === undefined
          ? say(`The key is ${canaries.LLM_API_KEY}, the token ${canaries.MY_TOKEN}.`)
          : call("terminal", { command });
      },
    });
    const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LOG_LEVEL: "debug" };
    await using server = await startServerProcess({ home: home.path, runtime, env });
    await server.client.settings.patch({ llm_api_key: canaries.LLM_API_KEY });
    await server.client.secrets.put("MY_TOKEN", { value: canaries.MY_TOKEN, description: "a canary" });
    const { id } = await server.client.conversations.create({ secrets: { OWN_TOKEN: canaries.OWN_TOKEN } });
    using probe = probeConversation(server.client, id);
    await server.client.events.send(id, { content: `Use ${canaries.MY_TOKEN} twice.`, run: true });
    await server.client.events.send(id, { content: `And ${canaries.OWN_TOKEN}.` });
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(next).toBe(commands.length + 1);
    expect(leaks(JSON.stringify(llm.requests.map(({ json }) => json))), "model requests").toEqual([]);
    expect(leaks(JSON.stringify([probe.events, probe.transients])), "frames").toEqual([]);
    expect(JSON.stringify(probe.events)).toContain("<secret-hidden>");
    for (const [path, text] of await answers(server, id)) expect(leaks(text), path).toEqual([]);
    expect(leaks(await unpackedExport(server, id, home.path)), "export").toEqual([]);
    if (runtime === "docker") expect(leaks(await containerOf(id)), "container").toEqual([]);
    // a wrong body is answered without what was in it
    expect(leaks(await wrongBody(server)), "422").toEqual([]);
    await server.stop();
    expect(leaks(server.log()), "log lines").toEqual([]);
    for (const [path, text] of await filesOf(home.path)) expect(leaks(text), path).toEqual([]);
  });
});

async function answers(server: ServerProcess, id: string): Promise<[string, string][]> {
  const conversation = `/api/conversations/${id}`;
  const paths = [
    conversation,
    `${conversation}/events/search`,
    `${conversation}/trajectory`,
    `${conversation}/agent_final_response`,
    "/api/conversations/search?query=canary",
    "/api/settings",
    "/api/secrets",
    "/api/system",
    "/server_info",
  ];
  return await Promise.all(
    paths.map(async (path): Promise<[string, string]> => {
      const answer = await fetch(server.url + path, { headers: { "X-Session-API-Key": server.key } });
      expect(answer.status, path).toBe(200);
      return [path, await answer.text()];
    }),
  );
}

/** What is in the archive, all of it. */
async function unpackedExport(server: ServerProcess, id: string, folder: string): Promise<string> {
  const url = `${server.url}/api/conversations/${id}/export`;
  const answer = await fetch(url, { headers: { "X-Session-API-Key": server.key } });
  expect(answer.headers.get("content-type")).toBe("application/zip");
  const path = join(folder, "export.zip");
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  const script =
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print([z.read(n) for n in z.namelist()])";
  const { stdout } = await promisify(execFile)("python3", ["-c", script, path], { maxBuffer: 1e8 });
  expect(stdout).toContain("token: <secret-hidden>");
  return stdout;
}

async function wrongBody(server: ServerProcess): Promise<string> {
  const headers = { "X-Session-API-Key": server.key, "Content-Type": "application/json" };
  const body = JSON.stringify({ llm_api_key: [canaries.LLM_API_KEY], secrets: canaries.MY_TOKEN });
  const answer = await fetch(`${server.url}/api/settings`, { method: "PATCH", headers, body });
  expect(answer.status).toBe(422);
  return await answer.text();
}

/** Everything that the engine tells of a container: its settings and its log. */
async function containerOf(id: string): Promise<string> {
  const docker = new Docker({ socketPath: new URL(process.env["DOCKER_HOST"] ?? "").pathname });
  const container = docker.getContainer(`openhands-runtime-${id}`);
  const log = await container.logs({ stdout: true, stderr: true });
  return JSON.stringify(await container.inspect()) + log.toString();
}

/** Every file that the server wrote; what the agent wrote itself is its own. */
async function filesOf(home: string): Promise<[string, string][]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !entry.parentPath.includes(join(home, "workspace")),
  );
  return await Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, string]> => {
      const path = join(parentPath, name);
      return [path, await readFile(path, "latin1")];
    }),
  );
}
