import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { createOutputStore } from "./output-store.ts";
import { createRedactor } from "./redactor.ts";

const long = Array.from({ length: 20_000 }, (_, index) => `line ${index} \u00e9\n`).join("");

async function openStore() {
  const home = await temporaryHome();
  const redactor = createRedactor();
  const folder = join(home.path, "observations");
  const files = async (): Promise<string[]> => (await readdir(home.path, { recursive: true })).toSorted();
  const store = createOutputStore(folder, redactor);
  const read = async (id: string): Promise<string | null> => {
    const found = await store.find(id);
    return found === null ? null : await text(found.read());
  };
  return { folder, redactor, files, store, read, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

test("a long output is whole, on disk while it arrives, for the owner alone", async () => {
  await using kept = await openStore();
  const file = kept.store.begin("an-action");
  file.write(long.slice(0, 50_000));
  expect(await kept.read("an-action")).toBe(long.slice(0, 50_000));
  file.write(long.slice(50_000));
  const bytes = Buffer.byteLength(long);
  expect(await file.keep()).toBe(bytes);
  expect((await kept.store.find("an-action"))?.bytes).toBe(bytes);
  expect(await kept.read("an-action")).toBe(long);
  expect((await stat(kept.folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(kept.folder, "an-action.txt"))).mode & 0o777).toBe(0o600);
});

test("what an event can carry makes no file, unless it is asked for", async () => {
  await using kept = await openStore();
  const short = kept.store.begin("short");
  short.write("x".repeat(30_000));
  short.close();
  kept.store.begin("none").discard();
  expect(await kept.files()).toEqual([]);
  expect(await kept.store.find("short")).toBeNull();
  const asked = kept.store.begin("asked");
  asked.write("x");
  expect(await asked.keep()).toBe(1);
  expect(await kept.files()).toEqual(["observations", "observations/asked.txt"]);
});

test("what was not needed in the end is gone; what was broken off stays", async () => {
  await using kept = await openStore();
  const dropped = kept.store.begin("dropped");
  const broken = kept.store.begin("broken");
  for (const file of [dropped, broken]) file.write(long);
  dropped.discard();
  broken.close();
  expect(await kept.files()).toEqual(["observations", "observations/broken.txt"]);
  expect(await kept.read("broken")).toBe(long);
});

test("a secret never touches the disk, wherever the pieces are cut", async () => {
  await using kept = await openStore();
  const secret = "correct-horse-battery-staple";
  kept.redactor.add(secret);
  const printed = `${"x".repeat(40_000)}${secret}${"y".repeat(40_000)}${secret}`;
  for (const size of [7, 1000, 40_010]) {
    const file = kept.store.begin(`cut-${size}`);
    for (let from = 0; from < printed.length; from += size) {
      file.write(printed.slice(from, from + size));
      if (from % 10 === 0) expect((await kept.read(`cut-${size}`)) ?? "").not.toContain("correct-h");
    }
    await file.keep();
    expect(await kept.read(`cut-${size}`)).toBe(printed.replaceAll(secret, "<secret-hidden>"));
  }
});

test("an id that is no file name leads nowhere else", async () => {
  await using kept = await openStore();
  const file = kept.store.begin("../../outside");
  file.write("x");
  await file.keep();
  const [, name] = await kept.files();
  expect(name).toMatch(/^observations\/[0-9a-f]{64}\.txt$/);
  expect((await kept.store.find("../../outside"))?.bytes).toBe(1);
});
