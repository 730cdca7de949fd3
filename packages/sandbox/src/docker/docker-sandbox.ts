/** One conversation's container. */
import type { Container } from "dockerode";
import type { Duplex } from "node:stream";
import type { ConversationId, RuntimeKind } from "@openhands/protocol";
import { type GuestExec, SandboxGone } from "../guest/guest-exec.ts";
import { Guest } from "../guest/guest-process.ts";
import { connectThroughRelay } from "../guest/relay.ts";
import type {
  HeldLimits,
  Sandbox,
  SandboxEnd,
  SandboxProcess,
  SandboxStats,
  SpawnOptions,
} from "../sandbox.ts";
import { Console } from "./console.ts";
import type { ContainerEvents } from "./container-events.ts";
import { askEngine, statusOf } from "./engine.ts";
import { containerExec } from "./exec.ts";

/** A container that runs, and what is needed to work with it. */
export interface RunningContainer {
  readonly container: Container;
  readonly console: Console;
  /** "uid:gid" of everything that is spawned */
  readonly user: string;
  readonly startedAt: string;
  readonly events: ContainerEvents;
  readonly limits: HeldLimits;
}

export class DockerSandbox implements Sandbox {
  readonly runtime: RuntimeKind = "docker";
  readonly conversationId: ConversationId;
  readonly limits: HeldLimits;
  readonly ended: Promise<SandboxEnd>;
  readonly #container: Container;
  readonly #guest: Guest;
  readonly #end: (end: SandboxEnd) => void;
  /** when PID 1 started, as the engine tells it */
  readonly #startedAt: string;
  #console: Console;
  /** how it ended; null while its console is open */
  #fate: Promise<SandboxEnd | null> = Promise.resolve(null);
  /** its end, where someone paused it */
  #paused: SandboxEnd | null = null;
  /** our own removal, once asked for */
  #removal: Promise<void> | null = null;

  constructor(id: ConversationId, { container, console, user, startedAt, events, limits }: RunningContainer) {
    this.conversationId = id;
    this.limits = limits;
    this.#container = container;
    this.#console = console;
    this.#startedAt = startedAt;
    this.#guest = new Guest(this.#refusingOnceEnded(containerExec(container, user)));
    const ended = Promise.withResolvers<SandboxEnd>();
    this.ended = ended.promise;
    this.#end = ended.resolve;
    const follow = (): (() => void) => events.onPause(id, () => this.#onPause());
    void this.#awaitEnd(follow);
  }

  spawn(argv: readonly string[], options?: SpawnOptions): Promise<SandboxProcess> {
    return this.#guest.spawn(argv, options);
  }

  connect(port: number): Promise<Duplex> {
    return connectThroughRelay(this, port);
  }

  log(line: string): void {
    this.#console.write(line);
  }

  async stats(): Promise<SandboxStats> {
    const stats = await askEngine(this.#container.stats({ stream: false, "one-shot": true }));
    const memory = stats.memory_stats;
    // pages that only cache files go as soon as memory is short; cgroup v1 and v2 name them differently
    const cache = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
    return {
      memory_bytes: Math.max(0, (memory.usage ?? 0) - cache),
      memory_limit_bytes: memory.limit ?? null,
      processes: stats.pids_stats?.current ?? 0,
    };
  }

  async endProcesses(): Promise<void> {
    if (await this.#guest.endAll()) return;
    await askEngine(this.#container.kill());
    await this.ended;
  }

  suspend(): Promise<void> {
    return this.remove();
  }

  remove(): Promise<void> {
    this.#removal ??= askEngine(removeContainer(this.#container)).catch((error: unknown) => {
      // who asks again tries again
      this.#removal = null;
      throw error;
    });
    return this.#removal;
  }

  async check(): Promise<SandboxEnd | null> {
    return (await this.#fate) ?? (await this.#askFate());
  }

  /**
   * A container that someone paused runs nothing and is never heard of again: it counts as ended, and it goes, so that
   * what waits for something in it hears of its end.
   */
  #onPause(): void {
    this.#paused = this.#endBecause("The container was paused.");
    this.#end(this.#paused);
    // One that can't be removed now is removed by the next need.
    this.remove().catch(() => undefined);
  }

  /** What runs in a container that was started again by another's hand is nothing of ours any more. */
  #refusingOnceEnded(exec: GuestExec): GuestExec {
    return async (argv, options) => {
      const end = await this.#fate;
      if (end) throw new SandboxGone(end.reason, end);
      return await exec(argv, options);
    };
  }

  /** @param follow begins to listen to what the engine tells of this container */
  async #awaitEnd(follow: () => () => void): Promise<void> {
    for (;;) {
      const unfollow = follow();
      await this.#console.closed;
      unfollow();
      this.#fate = this.#askFate().then(async (end) => end ?? (await this.#attachAgain()));
      const end = await this.#fate;
      if (end) {
        if (!this.#removal) this.#end(end);
        return;
      }
    }
  }

  /** null while the container runs as it did */
  async #askFate(): Promise<SandboxEnd | null> {
    if (this.#paused) return this.#paused;
    if (this.#removal) return this.#endBecause("The sandbox was removed.");
    const state = await this.#container.inspect().then(
      (found) => found.State,
      () => null,
    );
    if (!state?.Running) return describeEnd(state, this.#console.tail.toString());
    if (state.Paused) this.#onPause();
    if (this.#paused) return this.#paused;
    if (state.StartedAt !== this.#startedAt) return this.#endBecause("The container was restarted.");
    return null;
  }

  /** For when only the connection broke, as when the engine was restarted under its containers. */
  async #attachAgain(): Promise<SandboxEnd | null> {
    const again = await Console.attach(this.#container).catch(() => null);
    if (!again) return describeEnd(null, this.#console.tail.toString());
    this.#console = again;
    return null;
  }

  #endBecause(reason: string): SandboxEnd {
    return { reason, exitCode: null, logTail: this.#console.tail.toString() };
  }
}

/** @param state null where nobody can tell any more */
function describeEnd(state: { ExitCode: number; OOMKilled: boolean } | null, logTail: string): SandboxEnd {
  if (!state) return { reason: "The container was removed, or its engine stopped.", exitCode: null, logTail };
  const reason = state.OOMKilled
    ? "The container ran out of memory."
    : `The container ended with exit code ${state.ExitCode}.`;
  return { reason, exitCode: state.ExitCode, logTail };
}

/** Removes a container with the anonymous volumes of its image, running or not. One that is gone is no error. */
export async function removeContainer(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (statusOf(error) === 404) return;
    // someone else removes it just now
    if (statusOf(error) !== 409) throw error;
    await container.wait({ condition: "removed" }).catch((gone: unknown) => {
      if (statusOf(gone) !== 404) throw gone;
    });
  }
}
