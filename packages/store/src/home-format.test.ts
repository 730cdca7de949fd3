import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { openHome } from "./home-format.ts";
import { createLayout, type Layout } from "./layout.ts";
import type { Migration } from "./migrations/migration.ts";
import { openVault } from "./vault.ts";

const id = "a".repeat(32);
const value = "sk-of-one-conversation";

/** A step whose work is to write `settings.json` anew, however often it is done. */
const renamesField = (from: string, to: string, format: number): Migration => ({
  to: format,
  find: async ({ settingsFile }) =>
    (await readFile(settingsFile, "utf8")).includes(from) ? [settingsFile] : [],
  migrate: async (_, [file = ""]) =>
    await writeFile(file, (await readFile(file, "utf8")).replaceAll(from, to)),
});

async function homeWith(settings: string, format?: string) {
  const home = await temporaryHome();
  const layout = createLayout(home.path);
  await writeFile(layout.settingsFile, settings);
  if (format !== undefined) await writeFile(layout.homeFile, format);
  return { layout, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

const settingsOf = async ({ settingsFile }: Layout): Promise<string> => await readFile(settingsFile, "utf8");
const formatOf = async ({ homeFile }: Layout): Promise<unknown> =>
  JSON.parse(await readFile(homeFile, "utf8"));

async function backups({ backupsFolder }: Layout): Promise<string[]> {
  const entries = await readdir(backupsFolder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

test("a home of before gets each step that it lacks, and what is changed is copied first, once", async () => {
  await using kept = await homeWith("old");
  const { layout } = kept;
  const migrations = [renamesField("old", "newer", 2), renamesField("newer", "newest", 3)];
  const { migrated, problem } = await openHome({ layout, migrations });
  expect([await settingsOf(layout), await formatOf(layout), problem]).toEqual([
    "newest",
    { format: 3 },
    null,
  ]);
  const [copy = "", ...others] = await backups(layout);
  expect([await readFile(copy, "utf8"), others]).toEqual(["old", []]);
  expect(migrated).toContain(copy.slice(0, copy.lastIndexOf("/")));
  expect(await openHome({ layout, migrations })).toEqual({ migrated: null, problem: null });
  expect(await backups(layout)).toEqual([copy]);
});

test("a step that was interrupted is done again", async () => {
  await using kept = await homeWith("old");
  const { layout } = kept;
  const step = renamesField("old", "new", 2);
  const breaksOff = async (): Promise<never> => await Promise.reject(new Error("interrupted"));
  const interrupted = openHome({ layout, migrations: [{ ...step, migrate: breaksOff }] });
  await expect(interrupted).rejects.toThrow("interrupted");
  expect(await settingsOf(layout)).toBe("old");
  await openHome({ layout, migrations: [step] });
  expect(await settingsOf(layout)).toBe("new");
});

test("a new home has today's format and nothing to back up; so has one whose home.json is broken", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(join(home.path, "made"));
  for (const broken of [null, "", "garbage", "[]", '{"format":"2"}']) {
    if (broken !== null) await writeFile(layout.homeFile, broken);
    expect(await openHome({ layout })).toEqual({ migrated: null, problem: null });
    expect(await formatOf(layout)).toEqual({ format: 2 });
  }
  expect(await readdir(layout.home)).toEqual(["home.json"]);
});

test("of a newer home everything that may be written over is copied first, and it is said", async () => {
  await using kept = await homeWith('{"from": "the future"}', '{"format":99,"more":1}');
  const { layout } = kept;
  await mkdir(layout.secretsFolder);
  await writeFile(layout.secretFile("TOKEN"), "sealed");
  const { problem } = await openHome({ layout });
  expect(problem).toContain("newer OpenHands");
  const copies = await backups(layout);
  const texts = await Promise.all(copies.map(async (copy) => await readFile(copy, "utf8")));
  expect(texts.toSorted()).toEqual(["sealed", '{"format":99,"more":1}', '{"from": "the future"}']);
  const [folder = "none"] = await readdir(layout.backupsFolder);
  expect(problem).toContain(join(layout.backupsFolder, folder));
  // it has been written by this program since: the newer one brings it up again
  expect(await formatOf(layout)).toEqual({ format: 2 });
});

test("of the copies the newest five stay, and what is somebody else's", async () => {
  await using kept = await homeWith("0");
  const { layout } = kept;
  await mkdir(join(layout.backupsFolder, "format-1-mine"), { recursive: true });
  for (let format = 2; format <= 9; format += 1) {
    const migrations = [renamesField(String(format - 2), String(format - 1), format)];
    await openHome({ layout, migrations, clock: () => Date.UTC(2026, format) });
  }
  const names = await readdir(layout.backupsFolder);
  const stamped = names.filter((name) => name !== "format-1-mine").map((name) => name.slice(0, 8));
  expect(stamped.toSorted()).toEqual(["format-4", "format-5", "format-6", "format-7", "format-8"]);
  expect(names).toContain("format-1-mine");
});

test("a conversation's key is found under its first name too, also when the vault was locked meanwhile", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const keeps = async (name: string, text: string): Promise<void> => {
    const vault = await openVault({ layout, environmentKey: "the key of before" });
    await vault.set(name, { value: text });
  };
  await keeps("TEMPORARY", value);
  await rename(layout.secretFile("TEMPORARY"), layout.secretFile(`LLM_API_KEY_${id}`));
  await openHome({ layout });
  expect(await readdir(layout.secretsFolder)).toEqual([`LLM_API_KEY@${id}.jwe`]);
  const locked = await openVault({ layout, environmentKey: "another key than before" });
  expect(locked.locked).toContain(`LLM_API_KEY@${id}`);
  const vault = await openVault({ layout, environmentKey: "the key of before" });
  expect(await vault.get(`LLM_API_KEY@${id}`)).toBe(value);
});

test("a key that was entered since stays, and the one of before is in the backup alone", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  await mkdir(layout.secretsFolder);
  await writeFile(layout.secretFile(`LLM_API_KEY_${id}`), "before");
  await writeFile(layout.secretFile(`LLM_API_KEY@${id}`), "since");
  await openHome({ layout });
  expect(await readdir(layout.secretsFolder)).toEqual([`LLM_API_KEY@${id}.jwe`]);
  expect(await readFile(layout.secretFile(`LLM_API_KEY@${id}`), "utf8")).toBe("since");
  expect(await Promise.all((await backups(layout)).map((copy) => readFile(copy, "utf8")))).toEqual([
    "before",
  ]);
});
