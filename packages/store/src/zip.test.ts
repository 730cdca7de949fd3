import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { zip, type ZipEntry } from "./zip.ts";

async function* parts(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

test("another program reads what was put in", async () => {
  await using home = await temporaryHome();
  const contents = {
    "events.json": ["[\n", "]\n"],
    "a/leer é.txt": [],
    "big.txt": Array.from({ length: 5000 }, () => "line of text\n"),
  };
  async function* entries(): AsyncGenerator<ZipEntry> {
    for (const [name, texts] of Object.entries(contents)) yield { name, content: parts(...texts) };
  }
  const path = join(home.path, "a.zip");
  await writeFile(path, zip(entries()));
  const script =
    "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))";
  const { stdout } = await promisify(execFile)("python3", ["-c", script, path], { maxBuffer: 1e7 });
  const expected = Object.fromEntries(
    Object.entries(contents).map(([name, texts]) => [name, texts.join("")]),
  );
  expect(JSON.parse(stdout)).toEqual(expected);
});
