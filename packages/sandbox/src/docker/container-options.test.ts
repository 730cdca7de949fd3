import { describe, expect, it } from "vitest";
import { ConversationId } from "@openhands/protocol";
import type { SandboxSpec } from "../sandbox.ts";
import { containerOptions, specFingerprint } from "./container-options.ts";
import { userOf } from "./container-user.ts";

const spec: SandboxSpec = {
  conversationId: ConversationId.parse("0".repeat(32)),
  workspace: "/home/person/project",
  cacheFolder: null,
  image: null,
  memoryMb: 512,
  cpus: 1.5,
  processes: 1024,
  network: "on",
  user: "owner",
};
const owner = { uid: 501, gid: 20 };
const rootful = { name: "Docker 28.0.0", rootless: false, podman: false, limits: {} };
const rootless = { ...rootful, rootless: true };
const podman = { name: "Podman 5.0.0", rootless: true, podman: true, limits: {} };

describe("userOf", () => {
  it("is the workspace's owner, or root where that was asked for", () => {
    expect(userOf(spec, owner, rootful)).toEqual({ ...owner, home: "/home/openhands" });
    expect(userOf({ ...spec, user: "root" }, owner, rootful)).toEqual({ uid: 0, gid: 0, home: "/root" });
  });

  it("is uid 0 of a rootless Docker, which is the owner on the host, and the owner in a rootless Podman", () => {
    expect(userOf(spec, owner, rootless)).toMatchObject({ uid: 0, gid: 0 });
    expect(userOf(spec, owner, podman)).toMatchObject(owner);
  });
});

describe("containerOptions", () => {
  const made = (changes: Partial<SandboxSpec> = {}, traits = rootful) => {
    const changed = { ...spec, ...changes };
    return containerOptions(changed, {
      instance: "home",
      image: "image",
      user: userOf(changed, owner, traits),
      network: changed.network === "on" ? "bridge-id" : null,
      traits,
    });
  };

  it("drops every capability, and gives root back only what packages need", () => {
    expect(made().HostConfig).toMatchObject({ CapDrop: ["ALL"], CapAdd: [] });
    expect(made({ user: "root" }).HostConfig?.CapAdd).not.toContain("SYS_ADMIN");
  });

  it("mounts the workspace and nothing else", () => {
    expect(made().HostConfig?.Mounts).toEqual([
      { Type: "bind", Source: "/home/person/project", Target: "/workspace" },
    ]);
    expect(made().HostConfig?.Binds).toBeUndefined();
  });

  it("has no network where none is allowed", () => {
    expect(made({ network: "off" }).HostConfig?.NetworkMode).toBe("none");
  });

  it("limits processors only where asked, and keeps a person's id in Podman", () => {
    expect(made().HostConfig?.NanoCpus).toBe(1_500_000_000);
    expect(made({ cpus: null }).HostConfig).not.toHaveProperty("NanoCpus");
    expect(made({}, podman).HostConfig?.UsernsMode).toBe("keep-id");
  });

  it("has a fingerprint that changes with what it is made from", () => {
    expect(specFingerprint({ ...spec })).toBe(specFingerprint(spec));
    expect(specFingerprint({ ...spec, network: "off" })).not.toBe(specFingerprint(spec));
    expect(specFingerprint({ ...spec, workspace: "/other" })).not.toBe(specFingerprint(spec));
  });
});
