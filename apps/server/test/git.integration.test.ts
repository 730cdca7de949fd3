/** What an agent changed in a repository, as git tells it, and the way back. */
import { call, say } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;

const git = () => scripted.server.client.git;
const commit = "git -c user.name=a -c user.email=a@b.test commit -q";

/** A conversation whose agent has run it. */
async function conversationWith(command: string): Promise<string> {
  const { llm, server } = scripted;
  llm.push(call("terminal", { command, timeout: 60 }), say("Done."));
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  return id;
}

const prepare = `git init -q && seq 1 50 >'mo ved.txt' && echo one >kept && echo gone >gone && printf 'a\\0b' >binary && echo ignored >.gitignore && git add . && ${commit} -m first && git mv 'mo ved.txt' 'new name.txt'; echo two >>kept; rm gone; echo fresh >'ganz neu é.txt'; mkdir sub; echo staged >sub/staged; git add sub; printf 'c\\0d' >binary; touch ignored`;

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  it("changes, both sides of each, and their way back", async () => {
    const id = await conversationWith(prepare);
    expect(await git().changes(id)).toEqual([
      { path: "binary", status: "UPDATED" },
      { path: "ganz neu é.txt", status: "ADDED" },
      { path: "gone", status: "DELETED" },
      { path: "kept", status: "UPDATED" },
      { path: "new name.txt", status: "MOVED", original_path: "mo ved.txt" },
      { path: "sub/staged", status: "ADDED" },
    ]);
    expect(await git().diff(id, "kept")).toEqual({ original: "one\n", modified: "one\ntwo\n", hidden: null });
    expect(await git().diff(id, "gone")).toEqual({ original: "gone\n", modified: null, hidden: null });
    expect(await git().diff(id, "/workspace/ganz neu é.txt")).toEqual({
      original: null,
      modified: "fresh\n",
      hidden: null,
    });
    const moved = await git().diff(id, "new name.txt");
    expect(moved.original).toBe(moved.modified);
    expect(await git().diff(id, "binary")).toEqual({ original: null, modified: null, hidden: "binary" });
    for (const { path } of await git().changes(id)) await git().revert(id, path);
    expect(await git().changes(id)).toEqual([]);
    const { items } = await scripted.server.client.files.list(id);
    expect(items.map(({ name }) => name)).toEqual([
      ".git",
      "sub",
      ".gitignore",
      "binary",
      "gone",
      "ignored",
      "kept",
      "mo ved.txt",
    ]);
  });

  it("against another ref; in a repository without a commit; in folders; and nothing where there is none", async () => {
    const id = await conversationWith(
      `mkdir 'a repo' plain; cd 'a repo'; git init -q; echo 1 >x; git add x; ${commit} -m 1; echo 2 >x; ${commit} -am 2; mkdir ../fresh; cd ../fresh; git init -q; echo y >y`,
    );
    expect(await git().changes(id)).toEqual([{ path: "fresh/y", status: "ADDED" }]);
    expect(await git().changes(id, "HEAD~1")).toEqual([{ path: "a repo/x", status: "UPDATED" }]);
    expect(await git().diff(id, "a repo/x", "HEAD~1")).toEqual({
      original: "1\n",
      modified: "2\n",
      hidden: null,
    });
    // none of them has it: that nothing has changed would be a lie
    for (const ref of ["no-such-branch", "--output=/tmp/x"])
      await expect(git().changes(id, ref)).rejects.toMatchObject({ status: 404, code: "not_found" });
    await expect(git().diff(id, "a repo/x", "--output=/tmp/x")).rejects.toMatchObject({ status: 404 });
    await expect(git().diff(id, "plain/x")).rejects.toMatchObject({ status: 404 });
    const empty = await conversationWith("echo no repository");
    expect(await git().changes(empty)).toEqual([]);
    expect(await git().changes(empty, "HEAD")).toEqual([]);
    await expect(git().diff(empty, "x")).rejects.toMatchObject({ status: 404 });
  });

  it("what a repository's own configuration names is not run", async () => {
    const id = await conversationWith(
      `git init -q; echo 1 >x; git add x; ${commit} -m 1; trap=$PWD/trap.sh; printf '#!/bin/sh\\ntouch "$(dirname "$0")/sprung"\\nsleep 1000\\n' >trap.sh; chmod 755 trap.sh; git config core.fsmonitor "$trap"; git config core.pager "$trap"; git config diff.external "$trap"; git config core.hooksPath "$PWD/hooks"; mkdir hooks; cp trap.sh hooks/post-checkout; cp trap.sh hooks/post-index-change; echo '* diff=t' >.gitattributes; git config diff.t.command "$trap"; git config diff.t.textconv "$trap"; git config alias.diff "!$trap"; rm -f sprung; echo 2 >x`,
    );
    expect(await git().changes(id)).toContainEqual({ path: "x", status: "UPDATED" });
    expect(await git().diff(id, "x")).toMatchObject({ original: "1\n", modified: "2\n" });
    await git().revert(id, "x");
    const { items } = await scripted.server.client.files.list(id);
    expect(items.map(({ name }) => name)).not.toContain("sprung");
  });
});
