import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { temporaryHome } from "@openhands/testing";
import { describe, expect, test } from "vitest";
import { createLayout } from "./layout.ts";
import { openVault } from "./vault.ts";

async function emptyHome() {
  const home = await temporaryHome();
  return { layout: createLayout(home.path), [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

const environmentKey = "a key from the environment";

describe("secrets", () => {
  test("are kept over a restart, as ciphertext for the owner alone", async () => {
    await using home = await emptyHome();
    const { layout } = home;
    const value = "sk-canary-0123456789 é";
    const vault = await openVault({ layout, environmentKey: null });
    await vault.set("LLM_API_KEY", { value: value });
    await vault.set("other", { value: "x" });
    const again = await openVault({ layout, environmentKey: null });
    expect(again.locked).toBeNull();
    expect(again.names()).toEqual(["LLM_API_KEY", "other"]);
    expect(await again.get("LLM_API_KEY")).toBe(value);
    const file = layout.secretFile("LLM_API_KEY");
    const text = await readFile(file, "utf8");
    expect(text).not.toContain("canary");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(layout.secretKeyFile)).mode & 0o777).toBe(0o600);
    expect((await stat(layout.secretsFolder)).mode & 0o777).toBe(0o700);
  });

  test("name the key that opens them in their header", async () => {
    await using home = await emptyHome();
    const vault = await openVault({ layout: home.layout, environmentKey });
    await vault.set("token", { value: "value" });
    const [header = ""] = (await readFile(home.layout.secretFile("token"), "utf8")).split(".");
    const key = createHash("sha256").update(environmentKey).digest();
    const kid = createHash("sha256").update(key).digest("hex").slice(0, 16);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({
      alg: "dir",
      enc: "A256GCM",
      kid,
    });
    expect(await readdir(home.layout.home)).not.toContain("secret.key");
  });

  test("are told to whoever must know them: the redactor", async () => {
    await using home = await emptyHome();
    const told: string[] = [];
    const options = { layout: home.layout, environmentKey, onValue: (value: string) => told.push(value) };
    await (await openVault(options)).set("a", { value: "stored" });
    expect(told).toEqual(["stored"]);
    await openVault(options);
    expect(told).toEqual(["stored", "stored"]);
  });

  test("are removed for good; an unknown one is null", async () => {
    await using home = await emptyHome();
    const vault = await openVault({ layout: home.layout, environmentKey });
    await vault.set("a", { value: "value" });
    await vault.remove("a");
    await vault.remove("a");
    expect(await vault.get("a")).toBeNull();
    expect(vault.names()).toEqual([]);
    expect(await readdir(home.layout.secretsFolder)).toEqual([]);
  });

  test.each(["", "1a", "a-b", "../a", "a/b", "a".repeat(129), "a\n"])("cannot be named %j", async (name) => {
    await using home = await emptyHome();
    const vault = await openVault({ layout: home.layout, environmentKey });
    await expect(vault.set(name, { value: "value" })).rejects.toMatchObject({ code: "invalid" });
    expect(await vault.get(name)).toBeNull();
    await vault.remove(name);
  });

  test("are not empty, and a short environment key is refused", async () => {
    await using home = await emptyHome();
    const vault = await openVault({ layout: home.layout, environmentKey });
    await expect(vault.set("a", { value: "" })).rejects.toMatchObject({ code: "invalid" });
    const short = openVault({ layout: home.layout, environmentKey: "fifteen letters" });
    await expect(short).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("with another key", () => {
  test("the vault is locked, touches nothing, and opens again with the right one", async () => {
    await using home = await emptyHome();
    const { layout } = home;
    await (await openVault({ layout, environmentKey })).set("a", { value: "value" });
    const before = await readFile(layout.secretFile("a"));
    for (const wrong of ["quite another key, also long", null]) {
      const vault = await openVault({ layout, environmentKey: wrong });
      expect(vault.locked).toContain("OPENHANDS_SECRET_KEY");
      expect(vault.names()).toEqual(["a"]);
      await expect(vault.get("a")).rejects.toMatchObject({ code: "unavailable" });
      await expect(vault.set("a", { value: "new" })).rejects.toMatchObject({ code: "unavailable" });
      await expect(vault.set("b", { value: "new" })).rejects.toMatchObject({ code: "unavailable" });
    }
    expect((await readFile(layout.secretFile("a"))).equals(before)).toBe(true);
    expect(await readdir(layout.home)).toEqual(["secrets"]);
    expect(await (await openVault({ layout, environmentKey })).get("a")).toBe("value");
  });

  test("a lost secret.key locks; removing what is locked is a way out", async () => {
    await using home = await emptyHome();
    const { layout } = home;
    await (await openVault({ layout, environmentKey: null })).set("a", { value: "value" });
    await rm(layout.secretKeyFile);
    const vault = await openVault({ layout, environmentKey: null });
    expect(vault.locked).toContain("secret.key");
    await vault.remove("a");
    expect(vault.locked).toBeNull();
    await vault.set("a", { value: "entered again" });
    expect(await (await openVault({ layout, environmentKey: null })).get("a")).toBe("entered again");
  });

  test("the text of secret.key works as the environment's key", async () => {
    await using home = await emptyHome();
    const { layout } = home;
    await (await openVault({ layout, environmentKey: null })).set("a", { value: "value" });
    const key = (await readFile(layout.secretKeyFile, "utf8")).trim();
    expect(await (await openVault({ layout, environmentKey: key })).get("a")).toBe("value");
  });
});

test("a damaged secret says so, locks no other, and can be written anew", async () => {
  await using home = await emptyHome();
  const { layout } = home;
  const vault = await openVault({ layout, environmentKey });
  await vault.set("good", { value: "value" });
  await vault.set("bad", { value: "value" });
  const text = await readFile(layout.secretFile("bad"), "utf8");
  for (const damaged of ["", "no ciphertext", `${text.slice(0, -6)}AAAAAA`]) {
    await writeFile(layout.secretFile("bad"), damaged);
    const again = await openVault({ layout, environmentKey });
    expect(again.locked).toBeNull();
    await expect(again.get("bad")).rejects.toMatchObject({ code: "unavailable" });
    expect(await again.get("good")).toBe("value");
  }
  await vault.set("bad", { value: "new" });
  expect(await vault.get("bad")).toBe("new");
});
