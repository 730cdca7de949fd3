/** One conversation's namespaces, held by one bwrap; every process that is spawned enters them. */
import type { Duplex } from "node:stream";
import { setImmediate as immediate } from "node:timers/promises";
import { text } from "node:stream/consumers";
import type { ConversationId, RuntimeKind } from "@openhands/protocol";
import { Guest } from "../guest/guest-process.ts";
import { connectThroughRelay } from "../guest/relay.ts";
import type {
  HeldLimits,
  Sandbox,
  SandboxEnd,
  SandboxProcess,
  SandboxSpec,
  SandboxStats,
  SpawnOptions,
} from "../sandbox.ts";
import { baseEnvironment, enterCommand } from "./bubblewrap-arguments.ts";
import { hostExec } from "./host-exec.ts";
import type { ControlGroup } from "./control-groups.ts";
import { groupStats } from "./group-stats.ts";
import type { Identity } from "./identity.ts";
import type { Limits } from "./limits.ts";
import type { Namespaces } from "./namespaces.ts";

/** Resident pages of every process there is, and how many there are; the count leaves out the two that count. */
const countMemory =
  'getconf PAGESIZE; for file in /proc/[0-9]*/statm; do read -r _ pages _ <"$file" && echo "$pages"; done 2>/dev/null';

export interface BubblewrapParts {
  readonly namespaces: Namespaces;
  readonly limits: Limits;
  readonly onRemove: () => Promise<void>;
}

export class BubblewrapSandbox implements Sandbox {
  readonly runtime: RuntimeKind = "bubblewrap";
  readonly conversationId: ConversationId;
  readonly ended: Promise<SandboxEnd>;
  readonly limits: HeldLimits;
  readonly #groups: readonly ControlGroup[];
  readonly #namespaces: Namespaces;
  readonly #guest: Guest;
  readonly #onRemove: () => Promise<void>;
  #gone = false;
  #removal: Promise<void> | null = null;

  /** @param onRemove called once, when the sandbox has ended by our hand */
  constructor(spec: SandboxSpec, identity: Identity, { namespaces, limits, onRemove }: BubblewrapParts) {
    this.limits = limits.held;
    this.#groups = limits.groups;
    this.conversationId = spec.conversationId;
    this.#namespaces = namespaces;
    this.#onRemove = onRemove;
    const enter = enterCommand(namespaces.pid, identity, { network: spec.network, limits });
    this.#guest = new Guest(hostExec(enter, baseEnvironment, () => this.#gone));
    this.ended = this.#awaitEnd();
  }

  spawn(argv: readonly string[], options?: SpawnOptions): Promise<SandboxProcess> {
    return this.#guest.spawn(argv, options);
  }

  connect(port: number): Promise<Duplex> {
    return connectThroughRelay(this, port);
  }

  async stats(): Promise<SandboxStats> {
    if (this.#groups.length > 0) return groupStats(this.#groups, this.limits);
    const counter = await this.spawn(["sh", "-c", countMemory], { cwd: "/" });
    const [pageSize = 0, ...pages] = (await text(counter.stdout)).trim().split("\n").map(Number);
    return {
      memory_bytes: pageSize * pages.reduce((sum, count) => sum + count, 0),
      memory_limit_bytes: null,
      processes: pages.length,
    };
  }

  async endProcesses(): Promise<void> {
    if (!(await this.#guest.endAll())) await this.#namespaces.end();
  }

  check(): Promise<SandboxEnd | null> {
    return Promise.race([this.ended, immediate(null)]);
  }

  suspend(): Promise<void> {
    return this.remove();
  }

  remove(): Promise<void> {
    this.#removal ??= this.#namespaces.end().then(this.#onRemove);
    return this.#removal;
  }

  async #awaitEnd(): Promise<SandboxEnd> {
    const end = await this.#namespaces.ended;
    this.#gone = true;
    // our own removal is no news
    return this.#removal ? new Promise<never>(() => {}) : end;
  }
}
