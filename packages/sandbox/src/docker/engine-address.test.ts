import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxError } from "../sandbox.ts";
import { findEngineSocket } from "./engine-address.ts";

describe("findEngineSocket", () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "openhands-engine-address-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function addContext(name: string, host: string): Promise<void> {
    const folder = join(home, ".docker/contexts/meta", createHash("sha256").update(name).digest("hex"));
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "meta.json"),
      JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
    );
    await writeFile(join(home, ".docker/config.json"), JSON.stringify({ currentContext: name }));
  }

  it("takes what DOCKER_HOST says before anything else", async () => {
    await addContext("desk", "unix:///desk.sock");
    expect(await findEngineSocket({ home, dockerHost: "unix:///given.sock" })).toBe("/given.sock");
    expect(await findEngineSocket({ home, dockerHost: "/plain.sock" })).toBe("/plain.sock");
  });

  it("takes the docker context in use, or the one that is named", async () => {
    await addContext("named", "unix:///named.sock");
    await addContext("desk", "unix:///desk.sock");
    expect(await findEngineSocket({ home })).toBe("/desk.sock");
    expect(await findEngineSocket({ home, dockerContext: "named" })).toBe("/named.sock");
  });

  it("falls back to no other engine where the context in use is not known", async () => {
    await expect(findEngineSocket({ home, dockerContext: "gone" })).rejects.toThrow(/docker context gone/);
  });

  it("refuses an engine on another machine, without telling the user name", async () => {
    await addContext("far", "ssh://me@far.example");
    const refusal = findEngineSocket({ home });
    await expect(refusal).rejects.toThrow(SandboxError);
    await expect(refusal).rejects.toThrow(/^The engine far\.example is on another machine/);
    await expect(findEngineSocket({ home, dockerHost: "tcp://10.0.0.1:2375" })).rejects.toThrow(SandboxError);
  });

  it("finds a socket in the usual places, passing over a broken configuration", async () => {
    await mkdir(join(home, ".docker/run"), { recursive: true });
    await writeFile(join(home, ".docker/config.json"), "{ not json");
    const path = join(home, ".docker/run/docker.sock");
    const server = createServer().listen(path);
    const found = await findEngineSocket({ home, dockerContext: "default" });
    server.close();
    // a machine's own engine comes first
    expect([path, "/var/run/docker.sock"]).toContain(found);
  });
});
