/** A conversation as an archive for elsewhere, read by a program of others. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { ConversationId } from "@openhands/protocol";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const id = ConversationId.parse("e".repeat(32));
const secret = "a secret in files: ü€";
const commands = [
  "mkdir -p src; seq 1 9000 > src/numbers.txt; head -c 3000000 /dev/urandom > noise.bin; sha256sum noise.bin",
  `printf '%s' "$FOR_FILES" > leaked.txt; cat src/numbers.txt`,
  "echo mine > locked; chmod 000 locked",
];

/** The texts in the archive by their names; of what is no text, its checksum. */
async function unpacked(server: ServerProcess, folder: string): Promise<Record<string, string>> {
  const path = join(folder, "export.zip");
  await writeFile(path, await buffer(await server.client.conversations.export(id)));
  const script = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
def shown(data):
    try: return data.decode()
    except UnicodeDecodeError: return hashlib.sha256(data).hexdigest()
print(json.dumps({name: shown(z.read(name)) for name in z.namelist()}))`;
  const { stdout } = await promisify(execFile)("python3", ["-c", script, path], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Record<string, string>;
}

it("has log, outputs and workspace without a secret, and names what can't be read; without an engine all but the workspace, and says so", async () => {
  await using home = await temporaryHome();
  let next = 0;
  const responder = () => {
    const command = commands[next];
    next += 1;
    return command === undefined ? say("Packed.") : call("terminal", { command });
  };
  await using llm = await startScriptedLlm({ responder });
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
  const server = await startServerProcess({ home: home.path, runtime: "docker", env });
  await server.client.secrets.put("FOR_FILES", { value: secret });
  await server.client.conversations.create({ conversation_id: id });
  using probe = probeConversation(server.client, id);
  await server.client.events.send(id, { content: "Go.", run: true });
  expect((await probe.state(settled)).execution_status).toBe("finished");

  const files = await unpacked(server, home.path);
  const checksum = /[0-9a-f]{64}/.exec(JSON.stringify(probe.events))?.[0];
  expect(files["workspace/noise.bin"]).toBe(checksum);
  expect(files["workspace/leaked.txt"]).toBe("<secret-hidden>");
  expect(files["workspace/src/numbers.txt"]).toMatch(/^1\n2\n[^]*\n9000\n$/);
  expect(files).not.toHaveProperty(["workspace/locked"]);
  expect(files["workspace/not-packed.txt"]).toMatch(/could not be packed[^]*locked[^]*denied/);
  const output = Object.keys(files).find((name) => name.startsWith("observations/")) ?? "none";
  expect(files[output]).toContain("\n8999\n");
  expect(JSON.parse(files["events.json"] ?? "")).toEqual(probe.events);
  const metadata: unknown = JSON.parse(files["metadata.json"] ?? "");
  expect(metadata).toMatchObject({ id, last_seq: probe.events.length - 1 });
  await server.stop();

  const gone = { DOCKER_HOST: `unix://${join(home.path, "no-engine.sock")}` };
  await using again = await startServerProcess({
    home: home.path,
    runtime: "bubblewrap",
    env: { ...env, ...gone },
  });
  const rest = await unpacked(again, home.path);
  expect(rest["workspace-missing.txt"]).toMatch(/docker/i);
  const isWorkspace = (name: string): boolean => name.startsWith("workspace");
  expect(Object.keys(rest).filter((name) => !isWorkspace(name))).toEqual(
    Object.keys(files).filter((name) => !isWorkspace(name)),
  );
  expect(Object.keys(rest).filter(isWorkspace)).toEqual(["workspace-missing.txt"]);
});
