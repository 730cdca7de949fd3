/** How a sandbox's container is made: its name, labels, limits and rights, in one place to be read and judged. */
import { createHash } from "node:crypto";
import type { ContainerCreateOptions } from "dockerode";
import type { ConversationId } from "@openhands/protocol";
import type { SandboxSpec } from "../sandbox.ts";
import type { ContainerUser } from "./container-user.ts";
import type { EngineTraits } from "./engine.ts";
import { initCommand } from "./init-script.ts";
import { cacheEnvironment, cacheIn } from "./package-cache.ts";

export const instanceLabel = "openhands.instance";
export const conversationLabel = "openhands.conversation";
/** says what a container was made from, so that one made otherwise is not taken over */
export const specLabel = "openhands.spec";

const mebibyte = 1024 * 1024;

/** What apt and the like need. KILL is for ending what they started under other uids. */
const rootCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"];

export interface ContainerContext {
  readonly instance: string;
  /** the image's name, present on the engine */
  readonly image: string;
  readonly user: ContainerUser;
  /** id of a network, or null for none at all */
  readonly network: string | null;
  readonly traits: EngineTraits;
}

export function containerName(id: ConversationId): string {
  return `openhands-runtime-${id}`;
}

export function specFingerprint(spec: SandboxSpec): string {
  const { workspace, cacheFolder, image, memoryMb, cpus, processes, network, user } = spec;
  const text = JSON.stringify([workspace, cacheFolder, image, memoryMb, cpus, processes, network, user]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

export function containerOptions(spec: SandboxSpec, context: ContainerContext): ContainerCreateOptions {
  const { user } = context;
  return {
    name: containerName(spec.conversationId),
    Image: context.image,
    Labels: {
      [instanceLabel]: context.instance,
      [conversationLabel]: spec.conversationId,
      [specLabel]: specFingerprint(spec),
    },
    User: "0:0",
    Entrypoint: initCommand(user.uid === 0 ? null : user),
    Cmd: [],
    Env: [`HOME=${user.home}`, ...(spec.cacheFolder === null ? [] : cacheEnvironment(user))],
    WorkingDir: "/workspace",
    Hostname: "sandbox",
    OpenStdin: true,
    StdinOnce: false,
    Tty: false,
    StopSignal: "SIGKILL",
    HostConfig: hostConfig(spec, context),
  };
}

function hostConfig(
  spec: SandboxSpec,
  { network, traits, user }: ContainerContext,
): ContainerCreateOptions["HostConfig"] {
  const memory = spec.memoryMb * mebibyte;
  return {
    Memory: memory,
    // the same number: no swap
    MemorySwap: memory,
    ...(spec.cpus === null ? {} : { NanoCpus: Math.round(spec.cpus * 1e9) }),
    PidsLimit: spec.processes,
    SecurityOpt: ["no-new-privileges"],
    CapDrop: ["ALL"],
    CapAdd: spec.user === "root" ? rootCapabilities : [],
    NetworkMode: network ?? "none",
    Mounts: [
      { Type: "bind", Source: spec.workspace, Target: "/workspace" },
      ...(spec.cacheFolder === null
        ? []
        : [{ Type: "bind" as const, Source: spec.cacheFolder, Target: cacheIn(user) }]),
    ],
    Init: false,
    LogConfig: { Type: "json-file", Config: { "max-size": "2m", "max-file": "2" } },
    ...(traits.podman && traits.rootless && spec.user === "owner" ? { UsernsMode: "keep-id" } : {}),
  };
}
