import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { acquireInstanceLock } from "./instance-lock.ts";
import { createLayout } from "./layout.ts";
import { readServerFile, removeServerFile, writeServerFile } from "./server-file.ts";

const holder = fileURLToPath(new URL("../test/hold-lock.ts", import.meta.url));

test("one owner at a time, within a process too", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const lock = await acquireInstanceLock(layout);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(acquireInstanceLock(layout)).rejects.toMatchObject({ code: "wrong_state" });
  }
  lock.release();
  lock.release();
  (await acquireInstanceLock(layout)).release();
  expect((await stat(layout.lockFile)).mode & 0o777).toBe(0o600);
});

test("another process is kept out with a sentence that names the owner, until the owner is killed", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const child = spawn(process.execPath, [holder, home.path], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const failure = { code: "wrong_state", message: expect.stringContaining("Another OpenHands server owns") };
  await expect(acquireInstanceLock(layout)).rejects.toMatchObject(failure);
  await writeServerFile(layout, {
    url: "http://127.0.0.1:3000",
    pid: child.pid ?? 0,
    version: "1.31.0",
    certificate: null,
  });
  const named = acquireInstanceLock(layout);
  await expect(named).rejects.toThrow(`use it at http://127.0.0.1:3000, stop it with \`kill ${child.pid}\``);
  child.kill("SIGKILL");
  await once(child, "close");
  (await acquireInstanceLock(layout)).release();
});

test("an owner of a moment is waited for by who has patience", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const child = spawn(process.execPath, [holder, home.path], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  // by another process: this one waits without a turn of its event loop
  const killer = spawn("sh", ["-c", `head -c 1000000 /dev/urandom | sha256sum; kill -KILL ${child.pid}`]);
  const killed = once(killer, "close");
  (await acquireInstanceLock(layout, 30_000)).release();
  await killed;
});

test("server.json is read as written, and missing or broken is null", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  expect(await readServerFile(layout)).toBeNull();
  const server = { url: "http://localhost:1", pid: 7, version: "1.31.0", certificate: null };
  await writeServerFile(layout, server);
  expect(await readServerFile(layout)).toEqual(server);
  await removeServerFile(layout);
  await removeServerFile(layout);
  expect(await readServerFile(layout)).toBeNull();
});
