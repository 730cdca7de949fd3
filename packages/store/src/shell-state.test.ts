import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "./redactor.ts";
import { createShellStateDocument } from "./shell-state.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "openhands-shell-state-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("keeps folder and variables, but none that holds a secret", async () => {
  const path = join(folder, "shell.json");
  const redactor = createRedactor();
  redactor.add("correct-horse");
  const document = createShellStateDocument(path, redactor);
  expect(await document.load()).toBeNull();
  const variables = { A: "1\n'2'", TOKEN: "correct-horse", URL: "https://me:correct-horse@example.org" };
  await document.save({ directory: "/workspace/a b", variables });
  expect(await document.load()).toEqual({ directory: "/workspace/a b", variables: { A: "1\n'2'" } });
  expect(await readFile(path, "utf8")).not.toContain("horse");
});

test("is nothing where it is broken", async () => {
  const path = join(folder, "shell.json");
  await writeFile(path, '{"directory": 7');
  expect(await createShellStateDocument(path, createRedactor()).load()).toBeNull();
});
