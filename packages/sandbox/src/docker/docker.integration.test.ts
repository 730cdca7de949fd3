/** Needs an engine: DOCKER_HOST, or one at a usual socket. Without one these tests fail. */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSandboxSpec, outputContaining, runInSandbox, sandboxContract } from "@openhands/testing";
import { type Progress, type Sandbox, SandboxError, type SandboxSpec } from "../sandbox.ts";
import { containerName, instanceLabel } from "./container-options.ts";
import { createDockerProvider } from "./docker-provider.ts";
import { findEngineSocket } from "./engine-address.ts";
import { ownImageName } from "./runtime-image.ts";

const search = { dockerHost: process.env["DOCKER_HOST"], home: homedir() };
const instance = randomBytes(6).toString("hex");
const runtimeFolder = join(import.meta.dirname, "../../../../runtime");
const owner = { uid: 23_456, gid: 23_457 };
const makeProvider = () => createDockerProvider({ engine: search, instance, runtimeFolder });
const engine = new Dockerode({ socketPath: await findEngineSocket(search), host: "", protocol: "http" });

sandboxContract("docker", { makeProvider, owner, isolated: true, adoptable: true });

describe("docker", () => {
  let sandbox: Sandbox;
  let spec: SandboxSpec;
  let removeWorkspace: () => Promise<void>;
  const provider = makeProvider();
  const container = () => engine.getContainer(containerName(spec.conversationId));

  beforeAll(async () => {
    ({ spec, removeWorkspace } = await newSandboxSpec(owner));
    sandbox = await provider.create(spec, () => {});
  });

  afterAll(async () => {
    await provider.remove(spec.conversationId);
    await removeWorkspace();
    const left = await engine.listContainers({
      all: true,
      filters: { label: [`${instanceLabel}=${instance}`] },
    });
    expect(left).toEqual([]);
  });

  it("limits memory, processes and rights, and publishes nothing", async () => {
    const { HostConfig, NetworkSettings, Mounts } = await container().inspect();
    expect(HostConfig).toMatchObject({
      Memory: 512 * 1024 * 1024,
      MemorySwap: 512 * 1024 * 1024,
      SecurityOpt: ["no-new-privileges"],
      CapDrop: ["ALL"],
      Privileged: false,
    });
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    expect(HostConfig.CapAdd ?? []).toEqual([]);
    expect(NetworkSettings.Ports).toEqual({});
    expect(Mounts.map((mount) => mount.Destination)).toEqual(["/workspace"]);
    const { stdout } = await runInSandbox(sandbox, ["grep", "^Cap\\|NoNew", "/proc/self/status"]);
    expect(stdout.match(/0000000000000000/g)).toHaveLength(5);
    expect(stdout).toContain("NoNewPrivs:\t1");
  });

  it("runs as the workspace's owner, with a name and a home", async () => {
    const { stdout } = await runInSandbox(sandbox, [
      "sh",
      "-c",
      'id -un; id -u; id -g; touch "$HOME/file" && ls "$HOME"',
    ]);
    expect(stdout).toBe(`openhands\n${owner.uid}\n${owner.gid}\nfile\n`);
  });

  it("shows in the container's log what it is told", async () => {
    sandbox.log?.("$ echo told");
    const log = async (): Promise<string> => (await container().logs({ stdout: true })).toString();
    await expect.poll(log).toContain("$ echo told");
  });

  it("lets no sandbox reach another", async () => {
    const other = await newSandboxSpec(owner);
    const second = await provider.create(other.spec, () => {});
    const server = await second.spawn(["python3", "-m", "http.server", "18700"]);
    const { NetworkSettings } = await engine.getContainer(containerName(other.spec.conversationId)).inspect();
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
    const url = `http://${address}:18700/`;
    const reach = [
      "curl",
      "--silent",
      "--fail",
      "--max-time",
      "2",
      "--retry",
      "5",
      "--retry-connrefused",
      url,
    ];
    expect((await runInSandbox(second, reach)).exit.code).toBe(0);
    expect((await runInSandbox(sandbox, ["curl", "--silent", "--max-time", "2", url])).exit.code).not.toBe(0);
    await server.kill("SIGKILL");
    await second.remove();
    await other.removeWorkspace();
  });

  it("gives root what installing packages needs, and no more", async () => {
    const other = await newSandboxSpec(owner);
    const second = await provider.create({ ...other.spec, user: "root", network: "off" }, () => {});
    const { stdout } = await runInSandbox(second, [
      "sh",
      "-c",
      "id -u; chown 5:5 /etc/hostname; install -o 7 -d /srv/x && stat -c %u /srv/x; mount -t tmpfs x /mnt || echo refused",
    ]);
    expect(stdout).toBe("0\n7\nrefused\n");
    await second.remove();
    await other.removeWorkspace();
  });

  it("lets root install a package with apt-get, with files of other users and a script", async () => {
    const other = await newSandboxSpec(owner);
    const second = await provider.create({ ...other.spec, user: "root", network: "off" }, () => {});
    const script = `
      mkdir -p tiny/DEBIAN tiny/usr/share/tiny && echo tiny > tiny/usr/share/tiny/file
      printf '%s\\n' 'Package: tiny' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@invalid>' \
        'Description: tiny' > tiny/DEBIAN/control
      printf '#!/bin/sh\\nset -e\\nchown games:games /usr/share/tiny/file\\nsu games -s /bin/sh -c id > /var/tiny\\n' > tiny/DEBIAN/postinst
      chmod 755 tiny/DEBIAN/postinst && chmod -R go+rX,go-ws,u-s tiny
      dpkg-deb --build --root-owner-group tiny tiny.deb && apt-get install --yes ./tiny.deb`;
    const { exit, stdout, stderr } = await runInSandbox(second, ["sh", "-ec", script]);
    expect({ exit, output: exit.code === 0 ? "" : stdout + stderr }).toEqual({
      exit: { code: 0, signal: null },
      output: "",
    });
    const seen = await runInSandbox(second, [
      "sh",
      "-c",
      "stat -c %U /usr/share/tiny/file; cut -d' ' -f1 /var/tiny",
    ]);
    expect(seen.stdout).toBe("games\nuid=5(games)\n");
    await second.remove();
    await other.removeWorkspace();
  });

  it("keeps what package managers have downloaded while containers come and go", async () => {
    const other = await newSandboxSpec(owner);
    const cacheFolder = join(await mkdtemp(join(tmpdir(), "openhands-caches-")), "one");
    const cached = { ...other.spec, cacheFolder, network: "off" as const };
    const first = await provider.create(cached, () => {});
    const places = "npm config get cache; pip cache dir 2>/dev/null; stat -c %u ~";
    expect((await runInSandbox(first, ["sh", "-c", `${places}; echo kept > ~/.cache/file`])).stdout).toBe(
      `/home/openhands/.cache/npm\n/home/openhands/.cache/pip\n${owner.uid}\n`,
    );
    await first.suspend();
    const second = await provider.create({ ...cached, user: "root" }, () => {});
    expect((await runInSandbox(second, ["sh", "-c", "cat ~/.cache/file; npm config get cache"])).stdout).toBe(
      "kept\n/root/.cache/npm\n",
    );
    await second.remove();
    await rm(join(cacheFolder, ".."), { recursive: true });
    await other.removeWorkspace();
  });

  it("can end a process that has used up all processes there may be", async () => {
    const fill =
      "import os,time\ntry:\n  while os.fork(): pass\nexcept OSError: print('full', flush=True)\ntime.sleep(1000)";
    const bomb = await sandbox.spawn(["python3", "-c", fill]);
    await outputContaining(bomb.stdout, "full");
    await bomb.kill("SIGKILL");
    expect(await bomb.exit).toEqual({ code: null, signal: "SIGKILL" });
    expect((await runInSandbox(sandbox, ["echo", "room"])).stdout).toBe("room\n");
  });

  it("tells when it was ended by another's hand, and starts again", async () => {
    sandbox.log?.("the last words");
    const inside = await sandbox.spawn(["sleep", "1000"]);
    const printed = async (): Promise<string> => (await container().logs({ stdout: true })).toString();
    await expect.poll(printed).toContain("the last words");
    await container().kill();
    const end = await sandbox.ended;
    expect(end.exitCode).toBe(137);
    expect(end.logTail).toContain("the last words");
    await inside.exit;
    await expect(sandbox.spawn(["true"])).rejects.toThrow(SandboxError);
    const again = await provider.adopt(spec);
    if (!again) throw new Error("It was not taken over.");
    expect((await runInSandbox(again, ["echo", "again"])).stdout).toBe("again\n");
    await container().remove({ force: true });
    expect((await again.ended).reason).toContain("container");
  });

  it("says why a container ended at once", async () => {
    const other = await newSandboxSpec(owner);
    const broken = "openhands-test-broken:latest";
    const source = await engine.createContainer({
      Image: await ownImageName(runtimeFolder),
      Cmd: ["ln", "-sf", "false", "/bin/sh"],
    });
    await source.start();
    await source.wait();
    await source.commit({ repo: "openhands-test-broken", tag: "latest" });
    await source.remove();
    const failing = provider.create({ ...other.spec, image: broken }, () => {});
    await expect(failing).rejects.toMatchObject({ name: "SandboxError", exitCode: 1 });
    expect(await provider.list()).not.toContain(other.spec.conversationId);
    await engine.getImage(broken).remove();
    await other.removeWorkspace();
  });

  it("builds an image once for all who wait, tells how it goes, and never again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "openhands-runtime-"));
    const base = /^FROM (\S+)/m.exec(await readFile(join(runtimeFolder, "Dockerfile"), "utf8"))?.[1];
    await writeFile(join(folder, "Dockerfile"), `FROM ${base}\nCOPY note /note\nRUN cat /note\n`);
    await writeFile(join(folder, "note"), instance);
    const builder = createDockerProvider({ engine: search, instance, runtimeFolder: folder });
    const told: Progress[][] = [[], [], []];
    const prepare = (index: number) => builder.prepare(null, (progress) => told[index]?.push(progress));
    await Promise.all([prepare(0), prepare(1)]);
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toContainEqual(expect.objectContaining({ progress: 6, status: "preparing_image" }));
    await prepare(2);
    expect(told[2]).toEqual([]);
    await engine.getImage(await ownImageName(folder)).remove();
    await writeFile(join(folder, "Dockerfile"), `FROM ${base}\nRUN echo the reason >&2 && false\n`);
    const failing = createDockerProvider({ engine: search, instance, runtimeFolder: folder }).prepare(
      null,
      () => {},
    );
    await expect(failing).rejects.toMatchObject({
      name: "SandboxError",
      logTail: expect.stringContaining("the reason"),
    });
    await writeFile(join(folder, "Dockerfile"), "FROM openhands.invalid/no/base:1\nRUN true\n");
    const baseless = createDockerProvider({ engine: search, instance, runtimeFolder: folder });
    await expect(baseless.prepare(null, () => {})).rejects.toThrow(
      /base openhands\.invalid\/no\/base:1 .*could not be downloaded.*Check the connection/,
    );
    await rm(folder, { recursive: true });
  });

  it("says what is wrong with an image that can't be had", async () => {
    const missing = provider.prepare("openhands.invalid/no/such:image", () => {});
    await expect(missing).rejects.toThrow(/could not be downloaded/);
    await expect(provider.prepare("No Image", () => {})).rejects.toThrow(SandboxError);
  });

  it("leaves another's container alone", async () => {
    const other = await newSandboxSpec(owner);
    const name = containerName(other.spec.conversationId);
    const foreign = await engine.createContainer({
      name,
      Image: await ownImageName(runtimeFolder),
      Cmd: ["true"],
    });
    await expect(provider.create(other.spec, () => {})).rejects.toThrow(/someone else/);
    await provider.remove(other.spec.conversationId);
    expect((await foreign.inspect()).Name).toBe(`/${name}`);
    await foreign.remove();
    await other.removeWorkspace();
  });
});

describe("an engine that can't be used", () => {
  const withHost = (dockerHost: string) =>
    createDockerProvider({ engine: { dockerHost, home: "/nonexistent" }, instance, runtimeFolder }).check();

  it("is told in one sentence", async () => {
    expect(await withHost("tcp://192.0.2.1:2375")).toMatchObject({
      ok: false,
      problem: expect.stringContaining("another machine"),
    });
    expect(await withHost("/nonexistent/docker.sock")).toMatchObject({
      ok: false,
      problem: expect.stringContaining("answers"),
    });
  });
});
