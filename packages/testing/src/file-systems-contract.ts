/**
 * How the agent's file editor gets on with what a file may lie on: a file that is a mount itself, a disk that is full,
 * files of other owners. The machine prepares them, so it takes its root to run this.
 */
import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

const run = promisify(execFile);

/** Whom the workspace belongs to, and somebody else. */
const owner = { uid: 1000, gid: 1000 };
const other = { uid: 4321, gid: 4321 };

const diskBytes = 4 * 1024 * 1024;

export function fileSystemsContract(name: string, makeProvider: MakeProvider): void {
  describe(`files on ${name}`, () => {
    let shared: ContractSandbox;
    let session: ToolsSession;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider, {}, owner, prepare);
      session = toolsSession(shared.sandbox);
    });
    afterAll(async () => {
      await session?.[Symbol.asyncDispose]();
      await shared?.dispose();
    });

    const inside = (path: string): Promise<string> => session.output(`echo "$PWD/${path}"`);
    const onHost = (path: string): string => join(shared.workspace, path);
    const replace = async (path: string, old_str: string, new_str: string) =>
      session.edit({ command: "str_replace", path: await inside(path), old_str, new_str });

    test("a file that is mounted itself is written where it is, and stays mounted", async () => {
      expect((await replace("mounted.txt", "one", "two")).is_error).toBe(false);
      expect(await readFile(onHost("source.txt"), "utf8")).toBe("two\n");
      expect((await session.edit({ command: "undo_edit", path: await inside("mounted.txt") })).is_error).toBe(
        false,
      );
      expect(await readFile(onHost("source.txt"), "utf8")).toBe("one\n");
      expect(await session.output("ls -A | grep -c '^.openhands-'")).toBe("0");
    });

    test("a file of somebody else's that may be written keeps its owner and mode", async () => {
      expect((await replace("theirs.txt", "one", "two")).is_error).toBe(false);
      const { uid, gid, mode } = await stat(onHost("theirs.txt"));
      expect({ uid, gid, mode: mode & 0o777 }).toEqual({ ...other, mode: 0o666 });
      expect(await readFile(onHost("theirs.txt"), "utf8")).toBe("two\n");
    });

    test("a file that may not be written is refused and left alone", async () => {
      const refused = await replace("read-only.txt", "one", "two");
      expect(refused.is_error).toBe(true);
      expect(textOf(refused)).toContain("Permission denied");
      expect(await readFile(onHost("read-only.txt"), "utf8")).toBe("one\n");
    });

    test("a full disk is told, and the file has its old bytes", async () => {
      const before = await readFile(onHost("disk/large.txt"));
      for (const attempt of [1, 2]) {
        const full = await replace("disk/large.txt", "the end", `the end of attempt ${attempt}`);
        expect(full.is_error).toBe(true);
        expect(textOf(full)).toMatch(/was left as it was, because writing failed: .*no space left/is);
        expect((await readFile(onHost("disk/large.txt"))).equals(before)).toBe(true);
      }
      const create = { command: "create", file_text: "x".repeat(diskBytes) } as const;
      const created = await session.edit({ ...create, path: await inside("disk/new.txt") });
      expect(textOf(created)).toMatch(/no space left/i);
      expect(await session.output("ls -A disk")).toBe("large.txt");
      await session.run("rm disk/large.txt; echo 'the end' > disk/large.txt");
      expect((await replace("disk/large.txt", "end", "beginning")).is_error).toBe(false);
      expect(await readFile(onHost("disk/large.txt"), "utf8")).toBe("the beginning\n");
    });
  });
}

async function prepare(workspace: string): Promise<() => Promise<void>> {
  const at = (path: string): string => join(workspace, path);
  for (const path of ["source.txt", "mounted.txt", "theirs.txt", "read-only.txt"]) {
    await writeFile(at(path), "one\n");
    await chown(at(path), owner.uid, owner.gid);
  }
  await chown(at("theirs.txt"), other.uid, other.gid);
  await chmod(at("theirs.txt"), 0o666);
  await chown(at("read-only.txt"), other.uid, other.gid);
  await run("mount", ["--bind", at("source.txt"), at("mounted.txt")]);
  await mkdir(at("disk"));
  await run("mount", [
    "-t",
    "tmpfs",
    "-o",
    `size=${diskBytes},uid=${owner.uid},gid=${owner.gid}`,
    "tmpfs",
    at("disk"),
  ]);
  const large = Buffer.concat([
    Buffer.alloc(diskBytes * 0.6, "a line of a large file\n"),
    Buffer.from("the end"),
  ]);
  await writeFile(at("disk/large.txt"), large);
  await chown(at("disk/large.txt"), owner.uid, owner.gid);
  return async () => {
    for (const path of ["mounted.txt", "disk"]) await run("umount", [at(path)]);
  };
}
