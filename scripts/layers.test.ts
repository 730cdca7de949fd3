/** Imports between rooms go only upwards in this list, and only through a room's index. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const rooms: Readonly<Record<string, { folder: string; may: readonly string[] }>> = {
  protocol: { folder: "packages/protocol", may: [] },
  store: { folder: "packages/store", may: ["protocol"] },
  sandbox: { folder: "packages/sandbox", may: ["protocol"] },
  models: { folder: "packages/models", may: ["protocol"] },
  agent: { folder: "packages/agent", may: ["protocol", "store", "sandbox", "models"] },
  client: { folder: "packages/client", may: ["protocol"] },
  testing: { folder: "packages/testing", may: ["protocol", "store", "sandbox", "models", "agent", "client"] },
  server: { folder: "apps/server", may: ["protocol", "store", "sandbox", "models", "agent", "client"] },
  web: { folder: "apps/web", may: ["protocol", "client"] },
  cli: { folder: "apps/cli", may: ["protocol", "client", "server", "store"] },
};

const isTest = (file: string): boolean => /\.test(?:-data)?\.tsx?$/.test(file);

function sourceFiles(folder: string): string[] {
  return readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap((match) => match[1] ?? []);
}

describe.each(Object.entries(rooms))("%s", (name, { folder, may }) => {
  const files = sourceFiles(folder);

  it("has sources", () => {
    expect(files).not.toEqual([]);
  });

  it("imports only from the rooms below it", () => {
    for (const file of files) {
      const allowed = isTest(file) ? [...may, "testing"] : may;
      for (const target of importsOf(file)) {
        const room = /^@openhands\/([\w-]+)(\/.*)?$/.exec(target);
        if (room !== null) expect([...allowed, name], `${file} imports ${target}`).toContain(room[1]);
        if (room !== null) expect(room[2], `${file} reaches past the index: ${target}`).toBeUndefined();
      }
    }
  });

  it("does not import its own index, nor another room by path", () => {
    for (const file of files) {
      for (const target of importsOf(file)) {
        expect(target, `${file} imports ${target}`).not.toMatch(/^\.\.?\/(?:.*\/)?index\.ts$/);
        if (target.startsWith("."))
          expect(join(file, "..", target), `${file} imports ${target}`).toMatch(`${folder}/`);
      }
    }
  });
});

describe("protocol and client", () => {
  it("run in a browser: nothing of Node in them", () => {
    for (const file of [...sourceFiles("packages/protocol"), ...sourceFiles("packages/client")]) {
      if (isTest(file)) continue;
      for (const target of importsOf(file)) expect(target, file).not.toMatch(/^node:/);
    }
  });
});
