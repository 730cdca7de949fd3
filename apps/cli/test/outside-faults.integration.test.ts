/** `openhands` where what is around it fails: the model, the sandbox, the disk, who reads what it prints. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { breakOff, call, fail, halfLine, hang, reset, say, truncate } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { type CliHome, cliHome } from "./cli-process.ts";

const exec = promisify(execFile);

const stack = /^ {4}at /m;

describe("a run whose model", () => {
  it.each([
    ["accepts and never answers", () => hang(), 4],
    ["stops in the middle of its answer", () => hang("This answer"), 4],
    ["breaks the connection off", () => reset(), 1],
    ["breaks its answer off", () => truncate(), 1],
    ["ends its stream after half a line", () => halfLine(), 1],
    ["puts an error where the end should be", () => breakOff("This", { message: "overloaded" }), 1],
    ["is overloaded each time", () => fail(529), 1],
  ])("%s ends within its deadline, and says why", async (_what, responder, expected) => {
    await using cli = await cliHome({ responder }, { llm_attempts: 1 });
    const { code, stderr } = await cli.run(["run", "-t", "go", "--timeout", expected === 4 ? "2" : "30"]);
    expect(code, stderr).toBe(expected);
    expect(stderr).toMatch(/\(.*conversation [0-9a-f]{32}/);
    expect(stderr).not.toMatch(stack);
  });
});

it("a run whose sandbox is killed in mid-command goes on in a fresh one, and says so", async () => {
  await using cli = await cliHome();
  cli.llm.push(call("terminal", { command: "echo begun > begun; sleep 1000" }), say("It was killed."));
  const { child, until, ended } = cli.start(["run", "-t", "go"]);
  await until("stdout", /sleep 1000/);
  await expect.poll(async () => await begun(cli), { timeout: 60_000 }).toBe(true);
  const pid = String(child.pid);
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ");
  for (const sandbox of children) process.kill(Number(sandbox), "SIGKILL");
  const { code, stdout, stderr } = await ended;
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/The sandbox failed while this tool was in progress[^]*It was killed\./);
});

async function begun({ home }: CliHome): Promise<boolean> {
  const workspaces = join(home.path, "workspace");
  const [id = ""] = await readdir(workspaces);
  return (await readdir(join(workspaces, id))).includes("begun");
}

it("what needs no sandbox ends by itself, also with an engine that hangs", async () => {
  await using cli = await cliHome();
  cli.llm.push(say("Done."));
  await cli.run(["run", "-t", "go"]);
  const [id = ""] = await readdir(join(cli.home.path, "conversations"));
  const socket = join(cli.home.path, "engine.sock");
  const engine = createServer().listen(socket);
  await once(engine, "listening");
  const environment = { OPENHANDS_RUNTIME: "docker", DOCKER_HOST: `unix://${socket}` };
  for (const words of [["ls"], ["show", id], ["export", id, "-o", join(cli.home.path, "kept.zip")]]) {
    const { code, stderr } = await cli.start(words, environment).ended;
    expect(code, `${words.join(" ")}: ${stderr}`).toBe(0);
  }
  engine.close();
});

it("a run on a disk that is full ends with 1 and a sentence", async () => {
  await using cli = await cliHome();
  await exec("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", cli.home.path]);
  try {
    await exec("dd", ["if=/dev/zero", `of=${cli.home.path}/ballast`, "bs=1k", "count=2000"]).catch(
      () => null,
    );
    const { code, stderr } = await cli.run(["run", "-t", "go", "--timeout", "30"]);
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/disk|space/i);
    expect(stderr).not.toMatch(stack);
  } finally {
    await exec("umount", [cli.home.path]);
  }
});

describe("what is printed", () => {
  /** A command of ours as a shell runs it. */
  async function shell({ environment }: CliHome, script: string) {
    const main = join(import.meta.dirname, "../src/main.ts");
    const env = { ...environment, OPENHANDS: `${process.execPath} ${main}` };
    return await exec("bash", ["-c", script], { env }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );
  }

  it("to a reader that has seen enough is no failure; to a full disk it is one", async () => {
    await using cli = await cliHome();
    cli.llm.push(say("Done."));
    await cli.run(["run", "-t", "go"]);
    const [id = ""] = await readdir(join(cli.home.path, "conversations"));
    for (const command of [`export ${id} -o -`, `show ${id} --json`, "ls", "--help"]) {
      const closed = await shell(cli, `$OPENHANDS ${command} | true; exit \${PIPESTATUS[0]}`);
      expect(closed, command).toEqual({ code: 0, stderr: expect.not.stringMatching(stack) });
      const full = await shell(cli, `$OPENHANDS ${command} > /dev/full`);
      expect(full, command).toEqual({ code: 1, stderr: expect.stringContaining("can't be written") });
      expect(full.stderr).not.toMatch(stack);
    }
  });
});
