import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { readDocument, writeDocument } from "./documents.ts";

test("a document is written whole into folders of its own, for the owner alone", async () => {
  await using home = await temporaryHome();
  const path = join(home.path, "a", "b", "document");
  expect(await readDocument(path)).toBeNull();
  await writeDocument(path, "first");
  await writeDocument(path, "second, longer");
  expect(await readDocument(path)).toBe("second, longer");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(home.path, "a"))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(home.path, "a", "b"))).toEqual(["document"]);
});

test("a write that fails leaves the old content and nothing else", async () => {
  await using home = await temporaryHome();
  const path = join(home.path, "document");
  await writeFile(path, "old");
  const failing = writeDocument(path, async (file) => {
    await file.writeFile("half of the new");
    throw new Error("gone wrong");
  });
  await expect(failing).rejects.toThrow("gone wrong");
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(home.path)).toEqual(["document"]);
});

test("a write that cannot take the place of what is there cleans up", async () => {
  await using home = await temporaryHome();
  const path = join(home.path, "folder");
  await mkdir(path);
  await expect(writeDocument(path, "x")).rejects.toThrow();
  expect(await readdir(home.path)).toEqual(["folder"]);
});

test("writes at the same time leave one of them whole", async () => {
  await using home = await temporaryHome();
  const path = join(home.path, "document");
  const contents = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(10_000));
  await Promise.all(contents.map((content) => writeDocument(path, content)));
  expect(contents).toContain(await readDocument(path));
  expect(await readdir(home.path)).toEqual(["document"]);
});
