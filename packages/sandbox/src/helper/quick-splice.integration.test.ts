/** The resident python3 that puts edits into files: what it does itself, what it leaves, and that it can die at any moment. */
import { contractSandbox, type ContractSandbox } from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realProviders } from "../../test/real-providers.ts";
import { KnownBytes } from "../files/known-bytes.ts";
import { createHelper, type Helper } from "./helper.ts";
import { QuickSplice } from "./quick-splice.ts";

const { signal } = new AbortController();
const temporary = ".openhands-test-";
const [before, after] = ["head old tail\n", "head new tail\n"].map(
  (text) => new KnownBytes(Buffer.from(text)),
);
if (before === undefined || after === undefined) throw new Error("there are two");
const change = { at: 5, removed: 3, inserted: Buffer.from("new"), before, after };

describe.each(Object.entries(realProviders))("on %s", (_, provider) => {
  let made: ContractSandbox;
  let helper: Helper;
  let quick: QuickSplice;

  beforeEach(async () => {
    made = await contractSandbox(provider);
    helper = createHelper(made.sandbox);
    quick = new QuickSplice(made.sandbox);
    await run("printf 'head old tail\\n' >file");
  });

  afterEach(async () => {
    await quick.close();
    await helper.close();
    await made.dispose();
  });

  const run = async (script: string): Promise<string> => (await helper.pipe(script, "")).trimEnd();
  const splice = async (path = "file") =>
    await quick.splice(`${await run("pwd")}/${path}`, change, { temporary, signal });
  const all = async (): Promise<string> => await run("ls -A");

  test("the first edit is left to the helper, and starts it", async () => {
    expect(await splice()).toBe("left");
    expect(await quick.begin()).toBe(true);
    expect(await splice()).toBe("ok");
    expect(await run("cat file")).toBe("head new tail");
    expect(await all()).toBe("file");
  });

  test("a file's mode stays, its set-id bits too, whatever its name", async () => {
    await quick.begin();
    await run(`chmod 6750 file; mv file "a 'name"`);
    expect(await splice("a 'name")).toBe("ok");
    expect(await run("cat *; stat -c %a *")).toBe("head new tail\n6750");
  });

  test("a file that is another by now is left as it is", async () => {
    await quick.begin();
    await run("printf 'head odd tail\\n' >file");
    expect(await splice()).toBe("changed");
    expect(await run("cat file")).toBe("head odd tail");
  });

  test.each([
    ["a symbolic link", "ln -s file link", "link"],
    ["one that has a second name", "ln file second", "file"],
    ["one that may not be written", "chmod 444 file", "file"],
    ["one in a folder that takes no file", "mkdir in; mv file in; chmod 555 in", "in/file"],
    ["a folder", "mkdir folder", "folder"],
    ["a pipe", "mkfifo pipe", "pipe"],
    ["one that is missing", "true", "missing"],
  ])("%s is left to the helper", async (_what, make, path) => {
    await quick.begin();
    await run(make);
    expect(await splice(path)).toBe("left");
    expect(await run("find . -type f -exec cat {} +")).toContain("head old tail");
    expect(await run("find . -name '.openhands*'")).toBe("");
    await run("chmod 755 in 2>/dev/null");
  });

  test("modules of the workspace are not its own", async () => {
    await run("for name in re os zlib signal; do echo 'import sys; sys.exit(1)' >$name.py; done");
    expect(await quick.begin()).toBe(true);
    expect(await splice()).toBe("ok");
  });

  test("where it was killed the helper does it, and it is started again", async () => {
    await quick.begin();
    await run("grep -l 'IDLE_SECONDS' /proc/[0-9]*/cmdline | cut -d/ -f3 | xargs kill -9");
    expect(["left", "lost"]).toContain(await splice());
    expect(await run("cat file")).toBe("head old tail");
    expect(await quick.begin()).toBe(true);
    expect(await splice()).toBe("ok");
  });
});
