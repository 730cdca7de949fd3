import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { createLayout } from "./layout.ts";
import { masterKeyFrom, readHeader, seal } from "./sealed-secret.ts";
import { openVault } from "./vault.ts";

const rotator = fileURLToPath(new URL("../test/rotate-until-killed.ts", import.meta.url));
const secrets = { FIRST: "the first value", SECOND: "the second value", third: "the third value" };

async function homeWithSecrets() {
  const home = await temporaryHome();
  const layout = createLayout(home.path);
  const vault = await openVault({ layout, environmentKey: null });
  for (const [name, value] of Object.entries(secrets)) {
    await vault.set(name, { value, description: `about ${name}`, sandbox: true });
  }
  return { home, layout, vault, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

async function keyIds(layout: ReturnType<typeof createLayout>): Promise<Set<string | undefined>> {
  const texts = Object.keys(secrets).map(async (name) => await readFile(layout.secretFile(name), "utf8"));
  return new Set((await Promise.all(texts)).map((text) => readHeader(text)?.keyId));
}

async function values(vault: Awaited<ReturnType<typeof openVault>>): Promise<Record<string, string | null>> {
  const entries = Object.keys(secrets).map(async (name) => [name, await vault.get(name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

test("a new key seals everything, and what is known of a secret stays with it", async () => {
  await using kept = await homeWithSecrets();
  const { layout, vault } = kept;
  const [before] = await keyIds(layout);
  const text = await readFile(layout.secretKeyFile, "utf8");
  await vault.rotate();
  expect(await values(vault)).toEqual(secrets);
  const after = await keyIds(layout);
  expect([after.size, after.has(before)]).toEqual([1, false]);
  expect(await readFile(layout.secretKeyFile, "utf8")).not.toBe(text);
  const again = await openVault({ layout, environmentKey: null });
  expect(await values(again)).toEqual(secrets);
  expect(again.list()[0]).toEqual({ name: "FIRST", description: "about FIRST", sandbox: true });
  expect((await readdir(layout.home)).toSorted()).toEqual(["secret.key", "secrets"]);
});

test("killed before any of its changes to the disk, nothing is lost and the next opening ends it", async () => {
  await using kept = await homeWithSecrets();
  const [before] = await keyIds(kept.layout);
  const boundaries = Array.from({ length: 40 }, (_, index) => index + 1);
  let whole = 0;
  let killed = 0;
  await Promise.all(
    [0, 1].map(async (lane) => {
      for (const boundary of boundaries.filter((number) => number % 2 === lane)) {
        if (whole > 1) return;
        await using copy = await temporaryHome();
        await cp(kept.home.path, copy.path, { recursive: true });
        const layout = createLayout(copy.path);
        const child = spawn(process.execPath, [rotator, copy.path, String(boundary)], { stdio: "inherit" });
        const [code, signal] = (await once(child, "close")) as [number | null, string | null];
        expect(signal ?? code, `at ${boundary}`).toBe(code === 0 ? 0 : "SIGKILL");
        if (code === 0) whole += 1;
        else killed += 1;
        const onlooker = await openVault({ layout, environmentKey: null });
        expect(await values(onlooker), `at ${boundary}`).toEqual(secrets);
        const vault = await openVault({ layout, environmentKey: null, isOwner: true });
        expect(vault.locked, `at ${boundary}`).toBeNull();
        expect(await values(vault), `at ${boundary}`).toEqual(secrets);
        const ids = await keyIds(layout);
        expect(ids.size, `at ${boundary}`).toBe(1);
        const names = await readdir(copy.path);
        expect(names, `at ${boundary}`).not.toContain("secret.key.next");
        if (code === 0) expect(ids.has(before)).toBe(false);
      }
    }),
  );
  expect(whole).toBeGreaterThan(0);
  expect(killed).toBeGreaterThan(12);
}, 60_000);

test("a key of the environment is changed as the refusal says: laid into secret.key, then rotated without it", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const environmentKey = "a key of the environment";
  const vault = await openVault({ layout, environmentKey });
  for (const [name, value] of Object.entries(secrets)) await vault.set(name, { value });
  await expect(vault.rotate()).rejects.toThrow("put it into secret.key, start without the variable");
  // as an editor or echo leaves it
  await writeFile(layout.secretKeyFile, `${environmentKey}\n`);
  const without = await openVault({ layout, environmentKey: null });
  await without.rotate();
  expect(await values(without)).toEqual(secrets);
  expect((await openVault({ layout, environmentKey: null })).locked).toBeNull();
  expect((await openVault({ layout, environmentKey })).locked).toContain("another key");
});

test("blanks around a key of the environment are none of it, and what was sealed with them is sealed anew", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const environmentKey = "a key of the environment";
  await mkdir(layout.secretsFolder);
  const sealed = await seal(secrets.FIRST, masterKeyFrom(`${environmentKey}\n`), {
    description: null,
    sandbox: false,
  });
  await writeFile(layout.secretFile("FIRST"), sealed);
  for (const isOwner of [false, true]) {
    const vault = await openVault({ layout, environmentKey: `${environmentKey}\n`, isOwner });
    expect(await vault.get("FIRST")).toBe(secrets.FIRST);
  }
  expect(await (await openVault({ layout, environmentKey })).get("FIRST")).toBe(secrets.FIRST);
  await expect(openVault({ layout, environmentKey: `short${" ".repeat(20)}` })).rejects.toThrow(
    "16 characters",
  );
});

test("copies that a change of format left go with the key that opens them", async () => {
  await using kept = await homeWithSecrets();
  const backup = join(kept.layout.backupsFolder, "format-1-2026");
  await cp(kept.layout.secretsFolder, join(backup, "secrets"), { recursive: true });
  await writeFile(join(backup, "settings.json"), "{}");
  await kept.vault.rotate();
  expect(await readdir(backup)).toEqual(["settings.json"]);
});

test("a damaged secret, a lock, or a key of the environment keep it from beginning", async () => {
  await using kept = await homeWithSecrets();
  const { layout, home } = kept;
  const text = await readFile(layout.secretFile("third"), "utf8");
  await writeFile(layout.secretFile("third"), `${text.slice(0, -6)}AAAAAA`);
  const vault = await openVault({ layout, environmentKey: null });
  await expect(vault.rotate()).rejects.toMatchObject({ code: "unavailable" });
  const foreign = await openVault({ layout, environmentKey: "quite another key, also long" });
  await expect(foreign.rotate()).rejects.toMatchObject({ code: "wrong_state" });
  await expect(foreign.set("new", { value: "a new value" })).rejects.toMatchObject({ code: "unavailable" });
  expect(await readdir(home.path)).not.toContain("secret.key.next");
  expect(await readFile(join(home.path, "secrets", "FIRST.jwe"), "utf8")).not.toBe("");
});
