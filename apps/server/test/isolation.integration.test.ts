/** What an agent reaches of the server itself, and a server that is not root. */
import { chown, mkdir, readFile, stat, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { findEngineSocket } from "@openhands/sandbox";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ServerProcessOptions, startServerProcess } from "./server-process.ts";

const person = 23_456;

/** Runs one command in a conversation of its own; what it leaves in a file of that name is what it says. */
async function runInside(
  command: (url: URL) => string,
  options: Pick<ServerProcessOptions, "runtime" | "user" | "flags">,
): Promise<{ said: string; owner: number; status: string }> {
  await using home = await temporaryHome();
  if (options.user) await chown(home.path, options.user.uid, options.user.gid);
  await using llm = await startScriptedLlm();
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-none-of-yours" };
  await using server = await startServerProcess({ home: home.path, env, ...options });
  const script = `{ ${command(new URL(server.url))}; } >said 2>&1`;
  llm.push(call("terminal", { command: script, timeout: 30 }), say("Done."));
  const { id } = await server.client.conversations.create({ sandbox: { network: "on" } });
  using probe = probeConversation(server.client, id);
  await server.client.events.send(id, { content: "Go.", run: true });
  const end = await probe.state(settled);
  const file = join(home.path, "workspace", id, "said");
  const said = await readFile(file, "utf8");
  const { uid } = await stat(file);
  await server.client.conversations.remove(id);
  return { said, owner: uid, status: end.execution_status };
}

const ask = "curl -s -o /dev/null --max-time 5 -w '%{http_code}\\n'";

describe("an agent", () => {
  it("in docker gets no more of a server that listens everywhere than a 401", async () => {
    const gateway =
      "$(python3 -c \"print('.'.join(str(int(x, 16)) for x in reversed([open('/proc/net/route').read().split()[13][i:i+2] for i in (0, 2, 4, 6)])))\")";
    const { said } = await runInside(
      ({ port }) =>
        `for path in settings conversations/search system; do ${ask} "http://${gateway}:${port}/api/$path"; done`,
      { runtime: "docker", flags: ["--host", "0.0.0.0", "--insecure-http"] },
    );
    expect(said).toBe("401\n401\n401\n");
  });

  it("in bubblewrap with the machine's network gets no more of it than a 401, and none of its files", async () => {
    const { said } = await runInside(
      ({ port }) =>
        `for path in settings conversations/search; do ${ask} "http://127.0.0.1:${port}/api/$path"; done; find / -xdev -name session.key 2>/dev/null; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c sk-none`,
      { runtime: "bubblewrap" },
    );
    expect(said).toBe("401\n401\n0\n");
  });
});

describe("a host folder", () => {
  it("that is or holds an engine's socket or the home, or leads to a folder of the system, is refused", async () => {
    await using home = await temporaryHome();
    await using folder = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const links = { etc: "/etc", root: "/", home: home.path, key: join(home.path, "secrets") };
    for (const [name, target] of Object.entries(links)) await symlink(target, join(folder.path, name));
    const socket = await findEngineSocket({ dockerHost: process.env["DOCKER_HOST"], home: homedir() });
    const named = Object.keys(links).map((name) => join(folder.path, name));
    for (const path of [...named, dirname(home.path), dirname(socket), "/proc/self/cwd/../../../../etc"]) {
      const made = server.client.conversations.create({ workspace: { working_dir: path } });
      await expect(made, path).rejects.toMatchObject({ status: 422, code: "invalid" });
    }
    const given = join(folder.path, "own");
    await mkdir(given);
    await chown(given, person, person);
    await server.client.conversations.create({ workspace: { working_dir: given } });
  });
});

describe("a server that is not root", () => {
  it.each([1000, person, 635_438_412])(
    "works as uid %i through docker where it may use the engine's socket, and owns what the agent makes",
    async (uid) => {
      const socket = await findEngineSocket({ dockerHost: process.env["DOCKER_HOST"], home: homedir() });
      const { gid } = await stat(socket);
      expect(await runInside(() => "id -u", { runtime: "docker", user: { uid, gid } })).toEqual({
        said: `${uid}\n`,
        owner: uid,
        status: "finished",
      });
    },
  );

  it.each([1000, person, 635_438_412])(
    "works as uid %i through bubblewrap, and owns what the agent makes",
    async (uid) => {
      expect(await runInside(() => "id -u", { runtime: "bubblewrap", user: { uid, gid: uid } })).toEqual({
        said: `${uid}\n`,
        owner: uid,
        status: "finished",
      });
    },
  );

  it("limits each process where it may make no control groups", async () => {
    const user = { uid: person, gid: person };
    const forks = [
      "import os, signal",
      "count = 0",
      "try:",
      "  while count < 1500:",
      "    if os.fork() == 0: signal.pause()",
      "    count += 1",
      "except BlockingIOError: print('no more than', 1024 if 900 < count < 1025 else count, flush=True)",
      "os.killpg(0, signal.SIGKILL)",
    ].join("\n");
    const { said } = await runInside(
      () => `python3 -c 'bytearray(10 * 1024 ** 3)' 2>&1 | tail -n 1; python3 -c "${forks}"`,
      { runtime: "bubblewrap", user },
    );
    expect(said).toMatch(/^MemoryError\nno more than 1024\n/);
  });
});
