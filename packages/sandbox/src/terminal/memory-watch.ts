/**
 * Tells once of each process that the kernel ended because the sandbox had reached its memory limit. The count comes
 * along with every command that is begun; at a command's end it is asked for only where there was time to fill memory.
 */
import type { Helper } from "../helper/helper.ts";
import { SandboxError } from "../sandbox.ts";
import type { RunningCommand } from "./running-command.ts";
import { messages } from "./terminal-messages.ts";

/** Nobody fills a sandbox's memory within this, milliseconds. */
const quick = 50;

export class MemoryWatch {
  readonly #helper: Helper;
  #known: number | null = null;
  #startedAt = 0;

  constructor(helper: Helper) {
    this.#helper = helper;
  }

  /** A command has been typed: from now on it may fill memory. */
  begins(): void {
    this.#startedAt = performance.now();
  }

  /** Whether something had been killed between the last look and the command's start. */
  async lookBefore({ facts }: RunningCommand): Promise<string | null> {
    return facts === null ? null : await orNull(async () => await this.#compare(facts.memoryKills));
  }

  /** Whether something was killed since the last look: a sentence that names the limit, or null. */
  async look(): Promise<string | null> {
    if (performance.now() - this.#startedAt < quick) return null;
    return await orNull(async () => await this.#compare((await this.#helper.memory()).kills));
  }

  async #compare(kills: number): Promise<string | null> {
    this.#known ??= kills;
    if (kills <= this.#known) return null;
    const sentence = messages.memoryKill((await this.#helper.memory()).limitBytes);
    this.#known = kills;
    return sentence;
  }
}

/** What a command printed matters more than what can't be asked; the next one tells. */
async function orNull(work: () => Promise<string | null>): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return null;
  }
}
