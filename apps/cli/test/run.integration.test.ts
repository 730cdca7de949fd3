/** `openhands run` in bubblewrap, with a scripted model: what it prints, and each way it ends. */
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { parseEvent } from "@openhands/protocol";
import { call, fail, hang, primesScript, primesTask, say, slow } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { startServerProcess } from "../../server/test/server-process.ts";
import { type CliHome, cliHome } from "./cli-process.ts";

const eventsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => parseEvent(JSON.parse(line)));

/** The log of the one conversation there is. */
async function storedLog({ home }: CliHome): Promise<unknown> {
  const [id = ""] = await readdir(join(home.path, "conversations"));
  return JSON.parse(await readFile(join(home.path, "conversations", id, "events.json"), "utf8"));
}

/** A container engine that says what it is, and answers nothing else. */
async function stalledEngine(
  path: string,
): Promise<AsyncDisposable & { readonly stalled: readonly string[] }> {
  const stalled: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    const about = {
      Version: "20.10.0",
      ApiVersion: "1.41",
      MinAPIVersion: "1.12",
      Os: "linux",
      Arch: "amd64",
    };
    if (/\/(_ping|version|info)$/.test(url)) response.end(JSON.stringify(about));
    else stalled.push(url);
  }).listen(path);
  await once(server, "listening");
  return {
    stalled,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const steer = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/; // oxlint-disable-line no-control-regex

describe("openhands run", () => {
  it("prints what happens, plain, and ends with 0; nothing of its server is left", async () => {
    await using cli = await cliHome();
    cli.llm.push(...primesScript());
    const { code, stdout, stderr } = await cli.run(["run", "-t", primesTask]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^create \/workspace\//m);
    expect(stdout).toMatch(/^\$ python3 /m);
    expect(stdout).not.toMatch(steer);
    expect(stderr).toMatch(/^Finished\. \(conversation [0-9a-f]{32}, \d+ model calls/m);
    expect(await readdir(cli.home.path)).not.toContain("server.json");
  });

  it("with --json prints the log, a line an event, and nothing else on stdout", async () => {
    await using cli = await cliHome();
    cli.llm.push(call("terminal", { command: "echo hi" }), say("Done."));
    const { code, stdout } = await cli.run(["run", "--json", "-t", "-"], "say hi");
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events).toContainEqual(expect.objectContaining({ kind: "ObservationEvent" }));
    expect(events).toEqual(((await storedLog(cli)) as unknown[]).slice(0, events.length));
    expect(events.at(-1)).toMatchObject({ key: "execution_status", value: "finished" });
  });

  it("what an agent prints does not steer the terminal", async () => {
    await using cli = await cliHome();
    cli.llm.push(
      call("terminal", { command: "printf '\u001b[2J' >&2; exit 3" }),
      say("\u001b]0;title\u0007Done"),
    );
    const { stdout } = await cli.run(["run", "-t", "go"]);
    expect(stdout).toContain("exit code 3");
    expect(stdout).toContain("Done");
    expect(stdout).not.toMatch(steer);
  });

  it("ends with 1 and the reason where the model refuses", async () => {
    await using cli = await cliHome();
    cli.llm.push(fail(401));
    const { code, stderr } = await cli.run(["run", "-t", "go"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/key/i);
  });

  it("ends with 1 and says how it is used, where it can't read its flags", async () => {
    await using cli = await cliHome();
    for (const words of [
      ["run"],
      ["run", "-t", "x", "--budget", "much"],
      ["run", "-t", " "],
      ["run", "--nonsense"],
    ]) {
      const { code, stdout, stderr } = await cli.run(words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
    expect(cli.llm.requests).toEqual([]);
  });

  it("ends with 2 where an approval is needed, and says what waits and how to answer", async () => {
    await using cli = await cliHome({}, { confirmation_mode: true });
    cli.llm.push(call("terminal", { command: "touch done" }));
    const { code, stderr } = await cli.run(["run", "-t", "go"]);
    expect(code).toBe(2);
    expect(stderr).toContain("$ touch done");
    expect(stderr).toMatch(/respond_to_confirmation \{"accept": true\}/);
  });

  it("ends with 3 where the steps are used up", async () => {
    const step = () => call("terminal", { command: `echo ${Math.random()}` });
    await using cli = await cliHome({ responder: step }, { max_iterations: 2 });
    const { code, stderr } = await cli.run(["run", "-t", "go"]);
    expect({ code, asked: cli.llm.requests.length }, stderr).toEqual({ code: 3, asked: 2 });
  });

  it("ends with 3 where the budget is used up", async () => {
    const step = () => call("terminal", { command: `echo ${Math.random()}` });
    await using cli = await cliHome({ responder: step });
    const { code, stderr } = await cli.run([
      "run",
      "-t",
      "go",
      "--model",
      "openai/gpt-4o",
      "--budget",
      "0.000001",
    ]);
    expect(code, stderr).toBe(3);
  });

  it("ends with 4 at its deadline, though the model never answers", async () => {
    await using cli = await cliHome();
    cli.llm.push(hang());
    const { code, stderr } = await cli.run(["run", "-t", "go", "--timeout", "2"]);
    expect(code).toBe(4);
    expect(stderr).toContain("2 seconds of --timeout");
    expect(await storedLog(cli)).toContainEqual(
      expect.objectContaining({ key: "execution_status", value: "paused" }),
    );
  });

  it("ends with 4 at its deadline, though whoever pipes the task in never ends, and says so", async () => {
    await using cli = await cliHome();
    const { code, stdout, stderr } = await cli.start(["run", "-t", "-", "--timeout", "1"]).ended;
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(/--timeout are over.*task was not read/);
  });

  it("ends with 4 at its deadline, though the sandbox never starts", async () => {
    await using cli = await cliHome();
    cli.llm.push(call("terminal", { command: "echo hi" }));
    const path = join(cli.home.path, "engine.sock");
    await using engine = await stalledEngine(path);
    const { ended } = cli.start(["run", "-t", "go", "--timeout", "3"], {
      OPENHANDS_RUNTIME: "docker",
      DOCKER_HOST: `unix://${path}`,
    });
    expect((await ended).code).toBe(4);
    expect(engine.stalled.length).toBeGreaterThan(0);
    expect(cli.llm.requests.length).toBe(1);
  });

  it("Ctrl-C once pauses after the step, and ends with 2", async () => {
    await using cli = await cliHome();
    cli.llm.push(
      call("terminal", { command: "touch begun; until [ -e go ]; do sleep 0.05; done; echo went on" }),
    );
    const { child, until, ended } = cli.start(["run", "--json", "-t", "go"]);
    await until("stdout", /"ActionEvent"/);
    child.kill("SIGINT");
    await until("stderr", /Pauses after this step/);
    const [id = ""] = await readdir(join(cli.home.path, "workspace"));
    const workspace = join(cli.home.path, "workspace", id);
    // before, its folder is not given to the user whom commands run as
    await expect.poll(async () => await readdir(workspace), { timeout: 60_000 }).toContain("begun");
    await writeFile(join(workspace, "go"), "");
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).toBe(2);
    expect(JSON.stringify(eventsOf(stdout))).toContain("went on");
    expect(cli.llm.requests.length).toBe(1);
  });

  it("Ctrl-C twice stops now, and ends with 2", async () => {
    await using cli = await cliHome();
    cli.llm.push(call("terminal", { command: "sleep 1000" }));
    const { child, until, ended } = cli.start(["run", "--json", "-t", "go"]);
    await until("stdout", /"ActionEvent"/);
    child.kill("SIGINT");
    await until("stderr", /Pauses after this step/);
    child.kill("SIGINT");
    expect((await ended).code).toBe(2);
    expect(await storedLog(cli)).toContainEqual(expect.objectContaining({ kind: "InterruptEvent" }));
  });

  it("a reader that goes away stops it without a word of alarm", async () => {
    await using cli = await cliHome({ responder: () => slow("word ".repeat(2000), 20) });
    const { child, until, ended } = cli.start(["run", "-t", "go"]);
    await until("stdout", /word/);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(2);
    expect(stderr).toContain("can't be written any more");
    expect(stderr).not.toMatch(/EPIPE|^ {4}at /m);
  });

  it("goes on with a conversation that there is, and prints what is new", async () => {
    await using cli = await cliHome();
    cli.llm.push(say("First."), call("terminal", { command: "echo again" }), say("Second."));
    await cli.run(["run", "-t", "one"]);
    const [id = ""] = await readdir(join(cli.home.path, "conversations"));
    const before = ((await storedLog(cli)) as unknown[]).length;
    const { code, stdout, stderr } = await cli.run(["run", "--conversation", id, "--json", "-t", "two"]);
    expect(code, stderr).toBe(0);
    const log = (await storedLog(cli)) as unknown[];
    expect(eventsOf(stdout)).toEqual(log.slice(before, before + eventsOf(stdout).length));
    expect(stdout).toMatch(/"two"[^]*"Second\."/);
    expect(await readdir(join(cli.home.path, "conversations"))).toEqual([id]);
  });

  it("does not take a conversation that there is not, nor flags of a new one with it", async () => {
    await using cli = await cliHome();
    const unknown = await cli.run(["run", "--conversation", "0".repeat(32), "-t", "go"]);
    expect({ code: unknown.code, stderr: unknown.stderr }).toEqual({
      code: 1,
      stderr: "There is no such conversation.\n",
    });
    const words = ["run", "--conversation", "0".repeat(32), "--budget", "1", "-t", "go"];
    expect((await cli.run(words)).stderr).toMatch(/^--budget is for a new conversation/);
  });

  it("uses the server that runs on the home, and leaves it running", async () => {
    await using cli = await cliHome();
    await using server = await startServerProcess({
      home: cli.home.path,
      runtime: "bubblewrap",
      env: { ...cli.environment },
    });
    cli.llm.push(call("terminal", { command: "pwd" }), say("Done."));
    const { code, stdout } = await cli.run(["run", "-t", "where am I?"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "$ pwd\nDone.\n" });
    expect((await server.client.conversations.search()).items).toMatchObject([{ title: "where am I?" }]);
  });
});
