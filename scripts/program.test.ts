import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = promisify(execFile);

const main = `
import { text } from "./text.ts";
const how: string = new Error().stack?.includes("main.ts") ? "source" : "program";
process.stdout.write(how + " " + text + " " + import.meta.url.slice(-11));
`;
const textOf = (word: string): string => `export const text: string = "${word}";\n`;

/** A clone with all that makes and chooses the program, and a command of two files. */
let clone = "";
const source = (name: string): string => join(clone, "apps", "cli", "src", name);

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), "openhands-clone-"));
  for (const path of ["package.json", "scripts", "apps/cli/bin", "apps/cli/package.json"])
    await cp(join(root, path), join(clone, path), { recursive: true });
  await mkdir(join(clone, "packages"));
  await mkdir(source(""), { recursive: true });
  await mkdir(join(clone, "node_modules"));
  for (const name of ["rolldown", "@rolldown", "@oxc-project", ".bin"])
    await symlink(join(root, "node_modules", name), join(clone, "node_modules", name));
  await writeFile(join(clone, "node_modules", ".package-lock.json"), "{}");
  await writeFile(source("main.ts"), main);
  await writeFile(source("text.ts"), textOf("one"));
});
afterEach(async () => await rm(clone, { recursive: true, force: true }));

async function node(...words: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, words, { cwd: clone, encoding: "utf8" });
  return stdout;
}
const command = async (): Promise<string> => await node("apps/cli/bin/openhands.mjs");
const build = async (): Promise<string> => await node("scripts/build-program.mjs");

describe("the program that is put together", () => {
  it("does what its source does, and knows the place of its source", async () => {
    expect(await command()).toBe("source one src/main.ts");
    await build();
    expect(await command()).toBe("program one src/main.ts");
  });

  it("is left aside once a source is another, even one of the same length and time", async () => {
    await build();
    const { atime, mtime } = await stat(source("text.ts"));
    await writeFile(source("text.ts"), textOf("two"));
    await utimes(source("text.ts"), atime, mtime);
    expect(await command()).toBe("source two src/main.ts");
    await build();
    expect(await command()).toBe("program two src/main.ts");
  });

  it("is left aside once a source is gone, other packages are installed, or it is gone itself", async () => {
    await build();
    await writeFile(join(clone, "node_modules", ".package-lock.json"), "{ }");
    expect(await command()).toMatch(/^source/);
    await build();
    await writeFile(source("main.ts"), main.replace("./text.ts", "./word.ts"));
    await writeFile(source("word.ts"), textOf("three"));
    await rm(source("text.ts"));
    expect(await command()).toBe("source three src/main.ts");
    await build();
    const programs = join(clone, "node_modules", ".cache", "program");
    const { entry } = JSON.parse(await readFile(join(programs, "newest.json"), "utf8")) as { entry: string };
    await rm(join(programs, dirname(entry)), { recursive: true });
    expect(await command()).toMatch(/^source/);
  });
});
