import { readFile, stat, writeFile } from "node:fs/promises";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { createLayout } from "./layout.ts";
import { readOrMakeSessionKey } from "./session-key.ts";

test("the key is made once, long, and for the owner alone", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const key = await readOrMakeSessionKey(layout);
  expect(Buffer.from(key, "base64url")).toHaveLength(32);
  expect(await readOrMakeSessionKey(layout)).toBe(key);
  expect((await readFile(layout.sessionKeyFile, "utf8")).trim()).toBe(key);
  expect((await stat(layout.sessionKeyFile)).mode & 0o777).toBe(0o600);
});

test("a key written by hand is used; a blank file is filled", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  await writeFile(layout.sessionKeyFile, "  by hand\n");
  expect(await readOrMakeSessionKey(layout)).toBe("by hand");
  await writeFile(layout.sessionKeyFile, "\n");
  const key = await readOrMakeSessionKey(layout);
  expect(Buffer.from(key, "base64url")).toHaveLength(32);
  expect(await readOrMakeSessionKey(layout)).toBe(key);
});
