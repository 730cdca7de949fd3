/**
 * Sandboxes of bubblewrap, for machines without a container engine. They hold this machine's own system, read-only, and
 * end with the server: nothing is ever found again. Memory and processes are limited as far as this machine lets us
 * (`limits.ts`), processors are not, and a network that is on is this machine's own.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ConversationId } from "@openhands/protocol";
import {
  type Progress,
  type ProviderCheck,
  type Sandbox,
  SandboxError,
  type SandboxProvider,
  type SandboxSpec,
} from "../sandbox.ts";
import { baseEnvironment, bubblewrapArguments, firstProcessCommand } from "./bubblewrap-arguments.ts";
import { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
import {
  type ControlGroups,
  findControlGroups,
  inControlGroups,
  removeControlGroups,
} from "./control-groups.ts";
import { identityFor } from "./identity.ts";
import { makeLimits, withoutGroups } from "./limits.ts";
import { infoFd, startNamespaces } from "./namespaces.ts";
import { withOwnDescriptors } from "./own-descriptors.ts";
import { guardFd, withStartGuard } from "./start-guard.ts";
import { makeStateFolder, removeStateFolder } from "./state-folder.ts";

export interface BubblewrapOptions {
  /** for homes and temporary files of sandboxes; made when missing */
  readonly stateFolder: string;
  /** uid and gid of this process */
  readonly server: { readonly uid: number; readonly gid: number };
  /** default: found by name */
  readonly bubblewrap?: string | undefined;
}

const run = promisify(execFile);

const usualNotes = [
  "bubblewrap limits neither processors nor the disk that a workspace takes.",
  "A sandbox of bubblewrap whose network is on uses this machine's own, its loopback included.",
];

export function createBubblewrapProvider(options: BubblewrapOptions): SandboxProvider {
  return new BubblewrapProvider(options);
}

class BubblewrapProvider implements SandboxProvider {
  readonly kind = "bubblewrap";
  readonly #options: BubblewrapOptions;
  readonly #program: string;
  readonly #sandboxes = new Map<ConversationId, Sandbox>();
  #groups: Promise<ControlGroups | null> | null = null;

  constructor(options: BubblewrapOptions) {
    this.#options = options;
    this.#program = options.bubblewrap ?? "bwrap";
  }

  async check(): Promise<ProviderCheck> {
    const limits = { timeout: 2500, env: baseEnvironment };
    const version = await run(this.#program, ["--version"], limits).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    );
    if (version === null) {
      return {
        ok: false,
        engine: "bubblewrap",
        problem: "bubblewrap is not installed: run `apt-get install bubblewrap` as root.",
        notes: [],
      };
    }
    const user = this.#options.server.uid === 0 ? [] : ["--unshare-user"];
    const words = [...user, "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "--", "true"];
    const problem = await run(this.#program, words, limits).then(
      () => null,
      (error: { readonly stderr?: string }) =>
        `bubblewrap can't make namespaces here (${error.stderr?.trim() || "no answer"}): allow unprivileged user namespaces, run the server as root, or use Docker.`,
    );
    const groups = problem === null ? await this.#findGroups() : null;
    const notes = problem !== null ? [] : groups ? usualNotes : [withoutGroups, ...usualNotes];
    return { ok: problem === null, engine: version, problem, notes };
  }

  async prepare(image: string | null): Promise<void> {
    if (image === null) return;
    throw new SandboxError(
      `The bubblewrap runtime uses this machine's own system and can't run the image ${image}: choose the docker runtime for it.`,
    );
  }

  async create(spec: SandboxSpec, onProgress: (progress: Progress) => void): Promise<Sandbox> {
    await this.prepare(spec.image);
    if (spec.user === "root") {
      throw new SandboxError("The bubblewrap runtime has no root user: choose the docker runtime for it.");
    }
    await this.remove(spec.conversationId);
    onProgress({ status: "creating", message: "Making the sandbox" });
    const identity = await identityFor(spec, this.#options.server);
    const state = await makeStateFolder(this.#options.stateFolder, spec.conversationId, identity);
    const limits = await makeLimits(spec, identity, await this.#findGroups());
    const { groups } = limits;
    const words = await bubblewrapArguments(spec, identity, { state, infoFd, groups });
    onProgress({ status: "starting", message: "Starting the sandbox" });
    const bubblewrap = [this.#program, ...words, ...firstProcessCommand(identity)];
    const started = [...inControlGroups(groups), ...bubblewrap];
    const command = [...withOwnDescriptors(guardFd), ...withStartGuard(), ...started];
    const clear = async (): Promise<void> => {
      await Promise.all([removeStateFolder(state.root), removeControlGroups(groups)]);
    };
    const namespaces = await startNamespaces(command).catch(async (error: unknown) => {
      await clear();
      throw error;
    });
    const onRemove = async (): Promise<void> => {
      if (this.#sandboxes.get(spec.conversationId) === sandbox) this.#sandboxes.delete(spec.conversationId);
      await clear();
    };
    const sandbox = new BubblewrapSandbox(spec, identity, { namespaces, limits, onRemove });
    this.#sandboxes.set(spec.conversationId, sandbox);
    return sandbox;
  }

  /** Looked for once: by then an earlier server's groups are empty. */
  #findGroups(): Promise<ControlGroups | null> {
    const { stateFolder } = this.#options;
    const name = `openhands-${createHash("sha256").update(stateFolder).digest("hex").slice(0, 12)}`;
    this.#groups ??= findControlGroups(name);
    return this.#groups;
  }

  /** Always null: a sandbox ends with its server. */
  async adopt(): Promise<null> {
    return null;
  }

  async list(): Promise<readonly ConversationId[]> {
    return [...this.#sandboxes.keys()];
  }

  async remove(id: ConversationId): Promise<void> {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox) await sandbox.remove();
    else await removeStateFolder(join(this.#options.stateFolder, id));
  }
}
