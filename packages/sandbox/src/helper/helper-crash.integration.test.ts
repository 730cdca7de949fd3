/** A helper that dies at any moment leaves each file as it was or as it should be, and nothing beside it. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { contractSandbox } from "@openhands/testing";
import { createBubblewrapProvider } from "../bubblewrap/bubblewrap-provider.ts";
import { createDockerProvider } from "../docker/docker-provider.ts";
import type { Sandbox } from "../sandbox.ts";
import { createHelper, type Helper } from "./helper.ts";
import { encodeRequest } from "./helper-frames.ts";

const stateFolder = await mkdtemp(join(tmpdir(), "openhands-crash-"));
afterAll(() => rm(stateFolder, { recursive: true, force: true }));
const server = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const { signal } = new AbortController();

const providers = {
  bubblewrap: () => createBubblewrapProvider({ stateFolder, server }),
  docker: () =>
    createDockerProvider({
      engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
      instance: randomBytes(6).toString("hex"),
      runtimeFolder: join(import.meta.dirname, "../../../../runtime"),
    }),
};

const kills = 100;
/** Long enough to be written in several pieces. */
const versions = ["old ", "new "].map((word) => Buffer.alloc(300_000, word));

describe.each(Object.entries(providers))(
  "a helper on %s, killed 100 times while it writes",
  (_, provider) => {
    test("is followed by another that ends the work, and nobody ever sees part of it", async () => {
      const made = await contractSandbox(provider);
      const helper = createHelper(made.sandbox);
      try {
        const folder = (await helper.pipe("pwd", "", signal)).trim();
        const path = `${folder}/file`;
        await write(helper, path, versions[0]);
        const reader = await readerOf(made.sandbox, path);
        const killer = await made.sandbox.spawn(["sh"]);
        for (let round = 1; round <= kills; round += 1) {
          const pid = (await helper.pipe("echo $PPID", "", signal)).trim();
          const delay = (Math.random() * 0.012).toFixed(4);
          killer.stdin.write(`sleep ${delay}; kill -9 ${pid}\n`);
          await write(helper, path, versions[round % 2]);
        }
        killer.stdin.end();
        await killer.exit;
        const seen = await reader.stop();
        expect([...seen].toSorted()).toEqual(versions.map(checksum).toSorted());
        // What a child of a killed helper still made goes with the next file that is written there.
        await write(helper, path, versions[1]);
        expect(await helper.pipe("ls -A", "", signal)).toBe("file\n");
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
  expect(await readdir(folder)).toEqual(["file"]);
  await rm(folder, { recursive: true });
});

async function write(helper: Helper, path: string, bytes: Buffer | undefined): Promise<void> {
  const written = await helper.writeFile(path, bytes ?? Buffer.alloc(0), { isNew: false, signal });
  expect(written).toEqual({ ok: true });
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
