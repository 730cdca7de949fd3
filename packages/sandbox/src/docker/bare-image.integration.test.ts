/** An image with a shell and the tools of busybox, and nothing else, not even a /tmp: what people bring. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  importBusyboxImage,
  textOf,
  type ToolsSession,
  toolsSession,
} from "@openhands/testing";
import { connectEngine } from "./engine.ts";
import { findEngineSocket } from "./engine-address.ts";
import { createDockerProvider } from "./docker-provider.ts";

const search = { dockerHost: process.env["DOCKER_HOST"], home: homedir() };
const socket = await findEngineSocket(search);
const { engine } = await connectEngine(socket);
const image = `openhands-test-bare-${randomBytes(6).toString("hex")}:latest`;
const signal = new AbortController().signal;
let own: ContractSandbox;
let session: ToolsSession;

beforeAll(async () => {
  await importBusyboxImage({ dockerHost: `unix://${socket}`, image });
  const provider = createDockerProvider({
    engine: search,
    instance: randomBytes(6).toString("hex"),
    runtimeFolder: "/nonexistent",
  });
  own = await contractSandbox(() => provider, { image }, { uid: 1000, gid: 1000 });
  session = toolsSession(own.sandbox);
});

afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await own.dispose();
  await engine.getImage(image).remove();
});

it("has a terminal that keeps its folder, variables and exit codes", async () => {
  await session.finish("mkdir -p deep && cd deep && X=kept");
  expect(await session.output('pwd; echo "$X"; id -un')).toBe("/workspace/deep\nkept\nopenhands");
  expect((await session.finish("(exit 7)")).exit_code).toBe(7);
  await session.run("cat", { timeout: 1 });
  expect((await session.input("C-c")).metadata.suffix).toContain("CTRL+C was sent");
  await session.run("exit 3");
  expect(await session.output("pwd")).toBe("/workspace/deep");
});

it("has files that can be made, seen and edited", async () => {
  const path = "/workspace/note";
  await session.edit({ command: "create", path, file_text: "one\ntwo\n" });
  await session.edit({ command: "str_replace", path, old_str: "two", new_str: "three" });
  expect(textOf(await session.edit({ command: "view", path }))).toMatch(/1\s+one\n\s*2\s+three/);
  expect(await session.output(`cat ${path}; stat -c %u ${path}`)).toBe("one\nthree\n1000");
});

it("can be searched", async () => {
  const { search: find } = session.tools;
  const grep = await find.grep({ kind: "GrepAction", pattern: "th.ee", path: "/workspace" }, { signal });
  expect(textOf(grep)).toContain("note");
  const glob = await find.glob({ kind: "GlobAction", pattern: "**/no*", path: "/workspace" }, { signal });
  expect(textOf(glob)).toContain("/workspace/note");
});

it("leaves room after a fork bomb", async () => {
  await session.run("b() { b | b & }; b", { timeout: 3 });
  let next = await session.run("echo next", { timeout: 20 });
  if (next.exit_code === -1) next = await session.run("echo next", { reset: true, timeout: 20 });
  expect(textOf(next)).toContain("next");
});
