/** Secrets as they are entered, used by commands, and never seen again. */
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, say, temporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { startServerProcess } from "./server-process.ts";

const cli = fileURLToPath(new URL("../../cli/bin/openhands.mjs", import.meta.url));
const general = "canary-general-0123456789";
const own = "canary-own-9876543210";

let scripted: ScriptedServer;
let command = "";

beforeAll(async () => {
  scripted = await startScriptedServer({
    responder: ({ body: { messages } }) =>
      messages.at(-1)?.role === "tool" ? say("Done.") : call("terminal", { command }),
  });
});

const runTimeout = 30_000;

afterAll(async () => await scripted[Symbol.asyncDispose]());

async function api(method: string, path: string, body?: unknown): Promise<Response> {
  const { url, key } = scripted.server;
  const headers = { "X-Session-API-Key": key, "Content-Type": "application/json" };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return await fetch(`${url}/api${path}`, { method, headers, ...init });
}

/** What the log says of a run of one command. */
async function logOf(text: string, secrets?: Record<string, string>): Promise<{ id: string; log: string }> {
  command = text;
  const { client } = scripted.server;
  const { id } = await client.conversations.create(secrets === undefined ? {} : { secrets });
  await client.events.send(id, { content: "go", run: true });
  using probe = probeConversation(client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  return { id, log: JSON.stringify(probe.events) };
}

const workspaceFile = async (id: string, name: string): Promise<string> =>
  await readFile(join(scripted.home.path, "workspace", id, name), "utf8");

it("are listed without their values, under both names of the call", async () => {
  expect((await api("PUT", "/secrets/MY_TOKEN", { value: general, description: "for tests" })).status).toBe(
    200,
  );
  const v1 = { name: "FROM_V1", value: "another-value-12", description: "V1" };
  expect((await api("PUT", "/settings/secrets", v1)).status).toBe(200);
  for (const path of ["/secrets", "/settings/secrets"]) {
    const text = await (await api("GET", path)).text();
    expect(text).not.toContain("canary");
    expect(JSON.parse(text)).toEqual({
      secrets: [
        { name: "FROM_V1", description: "V1", sandbox: true },
        { name: "MY_TOKEN", description: "for tests", sandbox: true },
      ],
      locked: null,
    });
  }
  expect((await api("DELETE", "/settings/secrets/FROM_V1")).status).toBe(200);
  expect((await api("DELETE", "/secrets/FROM_V1")).status).toBe(404);
});

it.each([
  ["SHORT", { value: "seven77" }],
  ["EMPTY", { value: "" }],
  ["LLM_API_KEY", { value: "long enough to be", sandbox: true }],
])("refuse %s", async (name, body) => {
  const answer = await api("PUT", `/secrets/${name}`, body);
  expect(answer.status).toBe(422);
  expect(await answer.text()).not.toContain(body.value === "" ? "never" : body.value);
});

it(
  "reach a command that names them, and no other; what it prints is hidden",
  async () => {
    const named = await logOf('echo "it is $MY_TOKEN" | tee out.txt; echo "$MY_TOKEN" | base64');
    expect(await workspaceFile(named.id, "out.txt")).toBe(`it is ${general}\n`);
    expect(named.log).toContain("it is <secret-hidden>");
    expect(named.log).not.toContain(general);
    expect(named.log).not.toContain(Buffer.from(general).toString("base64").slice(4, -4));
    const unnamed = await logOf("env > out.txt");
    expect(await workspaceFile(unnamed.id, "out.txt")).not.toContain(general);
  },
  runTimeout,
);

it(
  "are not given to sandboxes where that was switched off, and keep their value",
  async () => {
    expect((await api("PUT", "/secrets/MY_TOKEN", { sandbox: false })).status).toBe(200);
    const off = await logOf('echo "MY_TOKEN=$MY_TOKEN" > out.txt');
    expect(await workspaceFile(off.id, "out.txt")).toBe("MY_TOKEN=\n");
    expect((await api("PUT", "/secrets/MY_TOKEN", { sandbox: true })).status).toBe(200);
    const on = await logOf('echo "MY_TOKEN=$MY_TOKEN" > out.txt');
    expect(await workspaceFile(on.id, "out.txt")).toBe(`MY_TOKEN=${general}\n`);
  },
  runTimeout,
);

it(
  "of one conversation go before the general ones, and go with it",
  async () => {
    const { id, log } = await logOf("echo $MY_TOKEN | tee out.txt", { MY_TOKEN: own });
    expect(await workspaceFile(id, "out.txt")).toBe(`${own}\n`);
    expect(log).not.toContain(own);
    const body = { secrets: { OTHER: { kind: "StaticSecret", value: "one-more-canary" } } };
    expect((await api("POST", `/conversations/${id}/secrets`, body)).status).toBe(200);
    const sealed = async () =>
      (await readdir(join(scripted.home.path, "secrets"))).filter((name) => name.includes(id));
    expect(await sealed()).toHaveLength(2);
    expect((await api("DELETE", `/conversations/${id}?purge=true`)).status).toBe(200);
    expect(await sealed()).toEqual([]);
  },
  runTimeout,
);

/** Runs `openhands secrets`. */
async function secretsCommand(home: string, args: readonly string[], input = "") {
  const env = { PATH: process.env["PATH"] ?? "", OPENHANDS_HOME: home };
  const child = spawn(process.execPath, [cli, "secrets", ...args], { env });
  child.stdin.end(input);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

it("are kept by the command line, through the server or without one", async () => {
  const { home } = scripted;
  await using lonely = await temporaryHome();
  for (const path of [home.path, lonely.path]) {
    const set = ["set", "CLI_TOKEN", "--description", "by hand", "--no-sandbox"];
    expect(await secretsCommand(path, set, `${own}\n`)).toEqual({ code: 0, output: "" });
    expect((await secretsCommand(path, ["rotate"])).code).toBe(0);
    const { output } = await secretsCommand(path, ["ls"]);
    expect(output).toMatch(/^CLI_TOKEN +- +by hand$/m);
    expect(output).not.toContain(own);
    expect((await secretsCommand(path, ["set", "SHORT"], "seven77")).code).toBe(1);
    expect((await secretsCommand(path, ["rm", "CLI_TOKEN"])).code).toBe(0);
    expect((await secretsCommand(path, ["rm", "CLI_TOKEN"])).code).toBe(1);
    expect((await secretsCommand(path, ["frobnicate"])).output).toContain("openhands secrets set NAME");
  }
  const { id } = await logOf("echo $MY_TOKEN > out.txt");
  expect(await workspaceFile(id, "out.txt")).toBe(`${general}\n`);
}, 60_000);

it("with another master key are locked, said loudly, and never written over", async () => {
  await using home = await temporaryHome();
  expect((await secretsCommand(home.path, ["set", "KEPT"], own)).code).toBe(0);
  const file = join(home.path, "secrets", "KEPT.jwe");
  const before = await readFile(file, "utf8");
  const env = { OPENHANDS_SECRET_KEY: "a key that is not the one of before" };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  expect(server.log()).toContain("OPENHANDS_SECRET_KEY of before");
  expect((await server.client.system.get()).warnings).toEqual([expect.stringContaining("KEPT")]);
  expect((await server.client.secrets.list()).locked).toContain("KEPT");
  const refused = { status: 503, code: "unavailable" };
  await expect(server.client.secrets.put("KEPT", { value: general })).rejects.toMatchObject(refused);
  await expect(server.client.secrets.put("NEW", { value: general })).rejects.toMatchObject(refused);
  await expect(server.client.settings.patch({ llm_api_key: general })).rejects.toMatchObject(refused);
  expect(await readFile(file, "utf8")).toBe(before);
  await server.client.secrets.remove("KEPT");
  expect((await server.client.secrets.list()).locked).toBeNull();
}, 30_000);
