/** One conversation's container. */
import type { Container } from "dockerode";
import type { Duplex } from "node:stream";
import type { ConversationId, RuntimeKind } from "@openhands/protocol";
import { type GuestExec, SandboxGone } from "../guest/guest-exec.ts";
import { Guest } from "../guest/guest-process.ts";
import { connectThroughRelay } from "../guest/relay.ts";
import type { Sandbox, SandboxEnd, SandboxProcess, SandboxStats, SpawnOptions } from "../sandbox.ts";
import { Console } from "./console.ts";
import { askEngine, statusOf } from "./engine.ts";
import { containerExec } from "./exec.ts";

export class DockerSandbox implements Sandbox {
  readonly runtime: RuntimeKind = "docker";
  readonly conversationId: ConversationId;
  readonly ended: Promise<SandboxEnd>;
  readonly #container: Container;
  readonly #guest: Guest;
  readonly #end: (end: SandboxEnd) => void;
  #console: Console;
  /** our own removal, once asked for */
  #removal: Promise<void> | null = null;

  /** @param user "uid:gid" of everything that is spawned */
  constructor(id: ConversationId, container: Container, console: Console, user: string) {
    this.conversationId = id;
    this.#container = container;
    this.#console = console;
    this.#guest = new Guest(this.#noticingPause(containerExec(container, user)));
    const ended = Promise.withResolvers<SandboxEnd>();
    this.ended = ended.promise;
    this.#end = ended.resolve;
    void this.#awaitEnd().then((end) => end && this.#end(end));
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

  /** A container that someone paused runs nothing and is never heard of again: it counts as ended. */
  #noticingPause(exec: GuestExec): GuestExec {
    return async (argv, options) => {
      try {
        return await exec(argv, options);
      } catch (error) {
        if (error instanceof SandboxGone && (await this.#isPaused())) {
          const logTail = this.#console.tail.toString();
          this.#end({ reason: "The container was paused.", exitCode: null, logTail });
        }
        throw error;
      }
    };
  }

  #isPaused(): Promise<boolean> {
    return this.#container.inspect().then(
      ({ State }) => State.Paused,
      () => false,
    );
  }

  /** null when it was we who ended it */
  async #awaitEnd(): Promise<SandboxEnd | null> {
    for (;;) {
      await this.#console.closed;
      if (this.#removal) return null;
      const state = await this.#container.inspect().then(
        (found) => found.State,
        () => null,
      );
      if (this.#removal) return null;
      const logTail = this.#console.tail.toString();
      if (!state?.Running) return describeEnd(state, logTail);
      // only the connection broke, as when the engine was restarted under its containers
      const again = await Console.attach(this.#container).catch(() => null);
      if (!again) return describeEnd(null, logTail);
      this.#console = again;
    }
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
