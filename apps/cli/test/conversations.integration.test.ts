/** `ls`, `show` and `export`, on a home with a running server and on one without. */
import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ConversationInfo, parseEvent } from "@openhands/protocol";
import { call, say } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { startServerProcess } from "../../server/test/server-process.ts";
import { type CliHome, cliHome } from "./cli-process.ts";

const exec = promisify(execFile);

/** A home with one conversation, made by a run. */
async function homeWithConversation(): Promise<{ cli: CliHome; id: string }> {
  const cli = await cliHome();
  cli.llm.push(call("terminal", { command: "echo hi; exit 3" }), say("It said hi."));
  await cli.run(["run", "-t", "say hi"]);
  const [id = ""] = await readdir(join(cli.home.path, "conversations"));
  return { cli, id };
}

async function listShowAndExport(cli: CliHome, id: string): Promise<void> {
  const listed = await cli.run(["ls"]);
  expect(listed.stdout, listed.stderr).toMatch(
    new RegExp(`^${id}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  finished +say hi\n$`),
  );
  const { stdout: json } = await cli.run(["ls", "--json", "--query", "said"]);
  expect(ConversationInfo.parse(JSON.parse(json)).id).toBe(id);
  expect((await cli.run(["ls", "--status", "error"])).stdout).toBe("");

  const shown = await cli.run(["show", id]);
  expect(shown.stdout).toBe("> say hi\n$ echo hi; exit 3\n  exit code 3: hi\nIt said hi.\n");
  const { stdout: lines } = await cli.run(["show", id, "--json"]);
  const events = lines.trimEnd().split("\n");
  expect(events.map((line) => parseEvent(JSON.parse(line)).seq)).toEqual(events.map((_, index) => index));

  const file = join(cli.home.path, "kept.zip");
  expect((await cli.run(["export", id, "-o", file])).code).toBe(0);
  const { stdout: names } = await exec("python3", ["-m", "zipfile", "-l", file]);
  expect(names).toMatch(/events\.json[^]*metadata\.json[^]*trajectory\.json/);
}

it.each(["start", "run", "ls", "show", "export", "link", "secrets", "doctor"])(
  "%s has --help",
  async (name) => {
    await using cli = await cliHome();
    for (const word of ["--help", "-h"]) {
      const { code, stdout, stderr } = await cli.run([name, word]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^openhands ${name}\\b`));
    }
    expect(await readdir(cli.home.path)).toEqual(["settings.json"]);
  },
);

describe("ls, show and export", () => {
  it("work without a server, and leave none behind", async () => {
    const { cli, id } = await homeWithConversation();
    await using _ = cli;
    await listShowAndExport(cli, id);
    expect(await readdir(cli.home.path)).not.toContain("server.json");
  });

  it("work through the server that runs on the home", async () => {
    const { cli, id } = await homeWithConversation();
    await using _ = cli;
    await using server = await startServerProcess({ home: cli.home.path, runtime: "bubblewrap" });
    await listShowAndExport(cli, id);
    expect((await server.client.server.health()).status).toBe("ok");
  });

  it("work where a server was killed and left its address behind", async () => {
    const { cli, id } = await homeWithConversation();
    await using _ = cli;
    const left = JSON.stringify({ url: "http://127.0.0.1:1", pid: 1, version: "0.1.0" });
    await writeFile(join(cli.home.path, "server.json"), left);
    expect((await cli.run(["ls"])).stdout).toContain(id);
  });

  it("are had by the command that is installed, which takes paths from where it is called", async () => {
    const { cli, id } = await homeWithConversation();
    await using _ = cli;
    const installed = fileURLToPath(new URL("../bin/openhands.mjs", import.meta.url));
    await exec(process.execPath, [installed, "export", id], { cwd: cli.home.path, env: cli.environment });
    expect(await readdir(cli.home.path)).toContain(`conversation-${id}.zip`);
  });

  it("say what is wrong in one sentence, with exit code 1", async () => {
    await using cli = await cliHome();
    for (const [words, sentence] of [
      [["show", "0".repeat(32)], /There is no such conversation/],
      [["export", "0".repeat(32)], /There is no such conversation/],
      [["show", "nonsense"], /no id of a conversation/],
      [["ls", "--status", "nonsense"], /no status 'nonsense'/],
      [["ls", "--nonsense"], /--nonsense/],
      [["nonsense"], /no command 'nonsense'/],
    ] as const) {
      const { code, stdout, stderr } = await cli.run(words);
      expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
  });
});
