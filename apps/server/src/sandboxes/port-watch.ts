import { SandboxError } from "@openhands/sandbox";
import type { Clock } from "../clock.ts";
import type { PortLooks } from "./port-looks.ts";

/** The least between two looks at one sandbox; with many it is more. */
const everyMilliseconds = 2000;

export interface PortWatchOptions {
  readonly clock: Clock;
  readonly portLooks: PortLooks;
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
  #closed = false;

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
    this.#closed = true;
    this.#stop();
  }

  async #tryToLook(): Promise<void> {
    this.#looking = true;
    try {
      await this.#options.portLooks.take(async () => {
        if (!this.#closed) await this.look();
      });
    } catch (error) {
      // a sandbox that goes, or has no room to look, tells of itself elsewhere
      if (!(error instanceof SandboxError)) throw error;
    } finally {
      this.#looking = false;
    }
  }
}
