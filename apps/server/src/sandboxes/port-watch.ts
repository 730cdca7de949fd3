import { SandboxError } from "@openhands/sandbox";
import type { Clock } from "../clock.ts";

/** A look takes some milliseconds in the sandbox. */
const everyMilliseconds = 2000;

export interface PortWatchOptions {
  readonly clock: Clock;
  /** @throws SandboxError */
  readonly read: () => Promise<readonly number[]>;
  /** whether anybody would hear of a change */
  readonly isWatched: () => boolean;
  readonly onChange: (ports: readonly number[]) => void;
}

/** Looks which ports of one sandbox are listened on while somebody is there to be told, and tells of changes. */
export class PortWatch {
  readonly #options: PortWatchOptions;
  readonly #stop: () => void;
  #ports: readonly number[] = [];
  #looking = false;

  constructor(options: PortWatchOptions) {
    this.#options = options;
    this.#stop = options.clock.every(everyMilliseconds, () => {
      if (!this.#looking && options.isWatched()) void this.#tryToLook();
    });
  }

  /** @throws SandboxError */
  async look(): Promise<readonly number[]> {
    const ports = await this.#options.read();
    const isNew = ports.join() !== this.#ports.join();
    this.#ports = ports;
    if (isNew) this.#options.onChange(ports);
    return ports;
  }

  close(): void {
    this.#stop();
  }

  async #tryToLook(): Promise<void> {
    this.#looking = true;
    try {
      await this.look();
    } catch (error) {
      // a sandbox that goes, or has no room to look, tells of itself elsewhere
      if (!(error instanceof SandboxError)) throw error;
    } finally {
      this.#looking = false;
    }
  }
}
