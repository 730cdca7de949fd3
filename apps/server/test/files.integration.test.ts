/** A person's hand in the workspace: what lies there comes out as it is, what is laid there arrives whole, none leads out. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentRuns } from "./agent-runs.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let id: string;

const runs = async (command: string): Promise<void> => await agentRuns(scripted, id, command);

const client = () => scripted.server.client;
const bytesOf = async (path: string) => buffer(await client().files.read(id, path));
function form(...files: readonly string[]): FormData {
  const data = new FormData();
  for (const name of files) data.append("file", new File([name], name));
  return data;
}

const names = async (path = "") => (await client().files.list(id, path)).items.map(({ name }) => name);

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
    ({ id } = await scripted.server.client.conversations.create());
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  describe("files", () => {
    it("come out as they went in, whatever their bytes and names", async () => {
      const bytes = randomBytes(3_000_000);
      for (const path of ["new/deep/a b.bin", "ein 'Name' \u{1F600}.txt", "-rf", "line\nbreak", "#?%.txt"]) {
        await client().files.write(id, path, bytes);
        expect((await bytesOf(path)).equals(bytes), path).toBe(true);
      }
      await client().files.write(id, "new/empty", "");
      expect(await bytesOf("/workspace/new/empty")).toHaveLength(0);
      expect((await client().files.list(id)).items[0]).toMatchObject({
        name: "new",
        path: "new",
        type: "directory",
      });
      expect(await names()).toEqual(
        expect.arrayContaining(["-rf", "line\nbreak", "ein 'Name' \u{1F600}.txt"]),
      );
      expect((await client().files.list(id, "new/deep")).items).toMatchObject([
        { name: "a b.bin", path: "new/deep/a b.bin", type: "file", size: bytes.length },
      ]);
    });

    it("that are replaced keep their rights, and a link goes on leading to what it led to", async () => {
      await runs("echo old >tool; chmod 755 tool; ln -s tool link");
      await client().files.write(id, "link", "new");
      expect((await bytesOf("tool")).toString()).toBe("new");
      await runs("test -x tool && test -L link && touch kept");
      expect(await names()).toContain("kept");
    });

    it("are uploaded under a name that is clean and free", async () => {
      const files = form("../../a.txt", "a.txt", ".env", "C:\\x\\b.txt");
      const { paths } = await client().files.upload(id, "up", files);
      expect(paths).toEqual(["up/a.txt", "up/a-2.txt", "up/.env", "up/b.txt"]);
      expect((await bytesOf("up/a-2.txt")).toString()).toBe("a.txt");
    });

    it("are uploaded whatever a form calls them", async () => {
      const names = [
        "cafe\u0301.md",
        `${"\u00e9".repeat(200)}.md`,
        "turned\u202egpj.exe",
        "dots. ..",
        "new\nline",
      ];
      const { paths } = await client().files.upload(id, "odd", form(...names));
      expect(paths[0]).toBe("odd/caf\u00e9.md");
      expect(paths[1]).toMatch(/^odd\/\u00e9{98}\.md$/);
      expect(paths[2]).toBe("odd/turnedgpj.exe");
      expect(paths[3]).toBe("odd/dots");
      // a form writes the end of a line in a name as %0A
      expect(paths[4]).toBe("odd/new%0Aline");
      for (const path of paths) expect((await bytesOf(path)).length).toBeGreaterThan(0);
      await expect(client().files.upload(id, "odd", form("..."))).rejects.toMatchObject({ status: 422 });
    });

    it("that are larger than the limit are refused before they are sent", async () => {
      const { url, key } = scripted.server;
      for (const [method, path] of [
        ["PUT", "file?path=large/one"],
        ["POST", "upload?path=large"],
      ] as const) {
        const headers = {
          "x-session-api-key": key,
          "content-length": 3_000_000_000,
          "content-type": "multipart/form-data; boundary=x",
        };
        const status = await new Promise((resolve, reject) => {
          const sending = httpRequest(`${url}/api/conversations/${id}/${path}`, {
            method,
            headers,
            agent: false,
          });
          sending.once("response", (answer) => resolve(answer.statusCode)).once("error", reject);
          sending.flushHeaders();
        });
        expect(status, path).toBe(413);
      }
      expect(await names("large").catch(() => [])).toEqual([]);
    });

    it("are nothing at all where the sending breaks off", async () => {
      const { url, key } = scripted.server;
      await new Promise<void>((resolve) => {
        const sending = httpRequest(`${url}/api/conversations/${id}/file?path=torn/half`, {
          method: "PUT",
          headers: { "x-session-api-key": key, "content-length": 10_000_000 },
        });
        sending.on("error", () => resolve());
        sending.write(randomBytes(100_000), () => sending.destroy(new Error("cut")));
      });
      await expect.poll(async () => await names("torn").catch(() => null)).toEqual([]);
    });
  });

  describe("what leads out of the workspace", () => {
    it("is refused, by path and by link, for reading and for writing", async () => {
      await runs("ln -s /etc/passwd secret; ln -s /tmp out; ln -s /etc/hostname nowhere; mkfifo pipe");
      for (const path of ["../etc/passwd", "/etc/passwd", "a/../../x", "/workspace/../etc/passwd"]) {
        await expect(client().files.read(id, path), path).rejects.toMatchObject({ status: 422 });
        await expect(client().files.write(id, path, "x"), path).rejects.toMatchObject({ status: 422 });
      }
      await expect(client().files.read(id, "secret")).rejects.toMatchObject({ status: 403 });
      await expect(client().files.write(id, "secret", "x")).rejects.toMatchObject({ status: 403 });
      await expect(client().files.list(id, "out")).rejects.toMatchObject({ status: 403 });
      await expect(client().files.write(id, "out/x", "x")).rejects.toMatchObject({ status: 403 });
      await expect(client().files.upload(id, "out", form("x"))).rejects.toMatchObject({
        status: 403,
      });
      await expect(client().files.read(id, "pipe")).rejects.toMatchObject({ status: 422 });
      await expect(client().files.read(id, "missing")).rejects.toMatchObject({ status: 404 });
      await expect(client().files.list(id, "missing")).rejects.toMatchObject({ status: 404 });
    });

    it("is never read while a link is swapped all the time", async () => {
      const swap =
        "echo mine >inside; (while :; do ln -sfn /etc/passwd turning; ln -sfn inside turning; done) & echo $! >swapper";
      await runs(swap);
      for (let round = 0; round < 25; round += 1) {
        const text = await bytesOf("turning").then(String, (error: { status: number }) => error.status);
        expect(["mine\n", 403, 404]).toContain(text);
      }
      await runs("kill $(cat swapper)");
    });
  });

  it("an archive has nothing of what a folder in it is swapped for while it is packed", async () => {
    await runs(
      "mkdir -p swapped/d; echo mine >swapped/d/mine; (cd swapped; while :; do mv d kept; ln -s /etc d; rm d; mv kept d; done) & echo $! >swapper",
    );
    const path = join(scripted.home.path, "swapped.zip");
    const script = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
    for (let round = 0; round < 10; round += 1) {
      await writeFile(path, await buffer(await client().files.download(id, "swapped")));
      const { stdout } = await promisify(execFile)("python3", ["-c", script, path]);
      expect(["d/", "d/mine", "kept/", "kept/mine", "not-packed.txt"]).toEqual(
        expect.arrayContaining(stdout.split("\n").filter((name) => name !== "")),
      );
    }
    await runs("kill $(cat swapper)");
  });

  it("an archive of more than 4 GB is refused, also where its files are mostly holes", async () => {
    await runs("mkdir holes; truncate -s 3G holes/a holes/b");
    await expect(client().files.download(id, "holes")).rejects.toMatchObject({ status: 413 });
    await runs("rm -r holes");
  });

  it("a folder is had as an archive that another program reads, with rights and links, and none that leads out", async () => {
    await runs(
      "mkdir -p pack/empty pack/sub; cd pack; echo run >sub/run.sh; chmod 755 sub/run.sh; ln -s sub/run.sh good; ln -s /etc/passwd bad; ln -s ../../.. worse; ln sub/run.sh twin; seq 1 200000 >$(printf 'n%.0s' $(seq 1 150)); mkfifo pipe",
    );
    const path = join(scripted.home.path, "pack.zip");
    await writeFile(path, await buffer(await client().files.download(id, "pack")));
    const script =
      "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({i.filename: [oct(i.external_attr >> 16), i.file_size] for i in z.infolist()}))";
    const { stdout } = await promisify(execFile)("python3", ["-c", script, path]);
    expect(JSON.parse(stdout)).toEqual({
      "empty/": ["0o40755", 0],
      "sub/": ["0o40755", 0],
      "sub/run.sh": ["0o100755", 4],
      twin: ["0o100755", 4],
      good: ["0o120777", 10],
      ["n".repeat(150)]: ["0o100644", 1_288_895],
    });
  });

  it("an archive says in a text what could not be read", async () => {
    await runs(
      "cd /workspace; mkdir -p partly/closed; cd partly; echo kept >kept; echo secret >locked; echo in >closed/in; echo theirs >not-packed.txt; chmod 000 locked closed",
    );
    const path = join(scripted.home.path, "partly.zip");
    await writeFile(path, await buffer(await client().files.download(id, "partly")));
    const script =
      "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))";
    const { stdout } = await promisify(execFile)("python3", ["-c", script, path]);
    const files = JSON.parse(stdout) as Record<string, string>;
    expect(files).toMatchObject({ kept: "kept\n", "not-packed.txt": "theirs\n" });
    expect(files).not.toHaveProperty("locked");
    expect(files["not-packed-2.txt"]).toMatch(/could not be packed[^]*locked[^]*denied/);
    expect(files["not-packed-2.txt"]).toContain("closed");
    await runs("chmod 700 closed; cd ..; rm -rf partly");
  });
});
