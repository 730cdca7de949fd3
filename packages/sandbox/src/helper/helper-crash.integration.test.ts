/** A helper that dies at any moment leaves each file as it was or as it should be, and nothing beside it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contractSandbox } from "@openhands/testing";
import { realProviders } from "../../test/real-providers.ts";
import type { Sandbox } from "../sandbox.ts";
import { createHelper, type Helper } from "./helper.ts";
import { encodeRequest } from "./helper-frames.ts";
import { KnownBytes } from "../files/known-bytes.ts";

const { signal } = new AbortController();

const kills = 100;
/** Long enough to be written in several pieces, and in part the same. */
const [head, tail] = [Buffer.alloc(150_000, "head "), Buffer.alloc(140_000, "tail ")];
const middles = ["old ", "new"].map((word) => Buffer.from(word.repeat(3000)));
const versions = middles.map((middle) => Buffer.concat([head, middle, tail]));

describe.each(Object.entries(realProviders))(
  "a helper on %s, killed 100 times while it writes",
  (_, provider) => {
    test("is followed by another that ends the work, and nobody ever sees part of it", async () => {
      const made = await contractSandbox(provider);
      const helper = createHelper(made.sandbox);
      try {
        const folder = (await helper.pipe("pwd", "")).trim();
        const path = `${folder}/file`;
        await write(helper, path, 0);
        const reader = await readerOf(made.sandbox, path);
        const killer = await made.sandbox.spawn(["sh"]);
        for (let round = 1; round <= kills; round += 1) {
          const pid = (await helper.pipe("echo $PPID", "")).trim();
          const delay = (Math.random() * 0.012).toFixed(4);
          // the editor that is quick too, every other time
          const quick = round % 2 === 0 ? "" : "$(grep -ls IDLE_SECONDS /proc/[0-9]*/cmdline | cut -d/ -f3)";
          killer.stdin.write(`quick="${quick}"; sleep ${delay}; kill -9 ${pid} $quick\n`);
          const change = round % 4 < 2 ? splice : write;
          await change(helper, path, round % 2);
        }
        killer.stdin.end();
        await killer.exit;
        const seen = await reader.stop();
        expect([...seen].toSorted()).toEqual(versions.map(checksum).toSorted());
        // What a child of a killed helper still made goes with the next file that is written there.
        await write(helper, path, 1);
        expect(await helper.pipe("ls -A", "")).toBe("file\n");
      } finally {
        await helper.close();
        await made.dispose();
      }
    });
  },
);

test("half of a request is nothing, and no file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "openhands-half-"));
  const path = join(folder, "file");
  await writeFile(path, "as it was");
  const body = Buffer.alloc(100_000, "x");
  const args = [path, String(body.length), "any", ".t-"];
  const whole = encodeRequest("nonce", { operation: "write", args, body });
  const script = await readFile(new URL("helper.sh", import.meta.url), "utf8");
  for (const length of [20, 200, 5_000, whole.length - 1]) {
    execFileSync("sh", ["-c", script], { input: whole.subarray(0, length) });
    expect(await readFile(path, "utf8")).toBe("as it was");
  }
  // an edit whose checksums never come
  const splice = { operation: "splice", args: [path, "0", "2", ".t-"], body: Buffer.from("is") };
  execFileSync("sh", ["-c", script], { input: encodeRequest("nonce", splice) });
  expect(await readFile(path, "utf8")).toBe("as it was");
  expect(await readdir(folder)).toEqual(["file"]);
  await rm(folder, { recursive: true });
});

async function write(helper: Helper, path: string, version: number): Promise<void> {
  const bytes = versions[version] ?? Buffer.alloc(0);
  expect(await helper.writeFile(path, bytes, { isNew: false, signal })).toEqual({ ok: true });
}

async function splice(helper: Helper, path: string, version: number): Promise<void> {
  const change = {
    at: head.length,
    removed: middles[1 - version]?.length ?? 0,
    inserted: middles[version] ?? Buffer.alloc(0),
    before: new KnownBytes(versions[1 - version] ?? Buffer.alloc(0)),
    after: new KnownBytes(versions[version] ?? Buffer.alloc(0)),
  };
  expect(await helper.spliceFile(path, change, signal)).toEqual({ ok: true });
}

const checksum = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

/** Reads the file over and over, in the sandbox, until it is stopped. */
async function readerOf(sandbox: Sandbox, path: string): Promise<{ stop(): Promise<ReadonlySet<string>> }> {
  const reader = await sandbox.spawn(["sh", "-c", 'while :; do md5sum <"$1"; done', "sh", path]);
  let output = "";
  reader.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    async stop() {
      await reader.kill("SIGKILL");
      await reader.exit;
      return new Set(output.match(/^[0-9a-f]{32}(?=  -$)/gm));
    },
  };
}
