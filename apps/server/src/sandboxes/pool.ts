/**
 * Sandboxes made ahead, each under an id that no conversation has yet, with that id's workspace: a new conversation
 * takes the id, so that it starts at once under its right name. Made only beside other work, where the image is there
 * and a place is free; one that nobody takes leaves nothing behind.
 */
import { rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { ConversationId, type RuntimeKind } from "@openhands/protocol";
import type { Sandbox, SandboxSpec } from "@openhands/sandbox";
import type { Logger } from "../logger.ts";
import type { Admission, Holder, Place } from "./admission.ts";
import type { PoolMarks } from "./pool-marks.ts";
import type { HeldSandbox } from "./sandbox-keeper.ts";
import type { Runtimes } from "./runtimes.ts";

export interface PlannedSandbox {
  readonly runtime: RuntimeKind;
  readonly spec: SandboxSpec;
}

export interface PoolOptions {
  /** how many are kept ready; 0: none is made ahead */
  readonly size: () => number;
  readonly runtimes: Runtimes;
  readonly admission: Admission;
  readonly marks: PoolMarks;
  /** What a conversation that asks for nothing of its own would get now; its workspace is there afterwards. */
  readonly plan: (id: ConversationId) => Promise<PlannedSandbox>;
  readonly logger: Logger;
}

/** One that was taken: whoever has it says `settle` or `discard`. */
export interface Taken extends HeldSandbox {
  readonly id: ConversationId;
  readonly planned: PlannedSandbox;
}

interface Member {
  readonly planned: PlannedSandbox;
  readonly place: Place;
  /** null while it is being made */
  sandbox: Sandbox | null;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #members = new Map<ConversationId, Member>();
  /** taken, and not yet seen on disk as conversations */
  readonly #taken = new Set<ConversationId>();
  #filling: Promise<void> | null = null;
  /** something has changed since the filling that goes on began */
  #again = false;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** It is no conversation yet, and no orphan. */
  has(id: ConversationId): boolean {
    return this.#members.has(id) || this.#taken.has(id);
  }

  /** @param wanted its id and folders do not count: those of the one that is taken do */
  take(wanted: PlannedSandbox): Taken | null {
    for (const [id, { planned, sandbox, place }] of this.#members) {
      const { workspace, cacheFolder } = planned.spec;
      const same = { ...wanted, spec: { ...wanted.spec, conversationId: id, workspace, cacheFolder } };
      if (sandbox === null || !isDeepStrictEqual(same, planned)) continue;
      this.#members.delete(id);
      this.#taken.add(id);
      return { id, planned, sandbox, place };
    }
    return null;
  }

  /** The conversation that took it is on disk. */
  async settle(taken: Taken): Promise<void> {
    await this.#options.marks.remove(taken.id);
    this.#taken.delete(taken.id);
    this.fill();
  }

  /** The conversation that took it could not be made. */
  async discard(taken: Taken): Promise<void> {
    await this.#remove(taken.id, taken);
    this.#taken.delete(taken.id);
  }

  /** Makes what is missing, and lets go what nobody would get any more, beside whatever else goes on. */
  fill(): void {
    if (this.#closed) return;
    if (this.#filling !== null) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#filling = this.#fill().finally(() => {
      this.#filling = null;
      if (this.#again) this.fill();
    });
  }

  /** None is made any more, and those that there are go. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#filling;
    await Promise.all([...this.#members.keys()].map(async (id) => await this.#drop(id)));
  }

  /**
   * Removes the workspaces that an earlier server made ahead and no conversation has.
   * @param isKnown whether there is a conversation of that id
   */
  async removeLeftovers(isKnown: (id: ConversationId) => Promise<boolean>): Promise<void> {
    for (const id of await this.#options.marks.list()) {
      if (this.has(id)) continue;
      if (!(await isKnown(id))) {
        await removeFolders(await this.#options.plan(id));
      }
      await this.#options.marks.remove(id);
    }
  }

  /** Never rejects: what could not be made ahead is made when it is needed, and tells then why it can't. */
  async #fill(): Promise<void> {
    try {
      await this.#dropOutdated();
      while (!this.#closed && this.#members.size < this.#options.size() && (await this.#makeOne()));
    } catch (error) {
      this.#options.logger.warn({ err: error }, "no sandbox could be made ahead");
    }
  }

  /** Those that nobody would get any more, since the settings have changed. */
  async #dropOutdated(): Promise<void> {
    for (const [id, { planned }] of this.#members) {
      const excess = this.#members.size > this.#options.size();
      if (excess || !isDeepStrictEqual(await this.#options.plan(id), planned)) await this.#drop(id);
    }
  }

  /** false: there is no use, or no room, for another */
  async #makeOne(): Promise<boolean> {
    const { runtimes, admission, marks, plan } = this.#options;
    const { provider, check } = await runtimes.choice();
    if (!check.ok || (await provider.usualImage?.())?.state !== "present") return false;
    const id = ConversationId.parse(crypto.randomUUID());
    const holder: Holder = { idleSince: 0, makeRoom: async () => await this.#drop(id) };
    const place = admission.enterIfFree(holder);
    if (place === null) return false;
    await marks.add(id);
    const member: Member = { planned: await plan(id), place, sandbox: null };
    this.#members.set(id, member);
    try {
      const sandbox = await provider.create(member.planned.spec, () => {});
      member.sandbox = sandbox;
      void sandbox.ended.then(async () => await this.#drop(id));
    } catch (error) {
      await this.#drop(id);
      throw error;
    }
    return true;
  }

  async #drop(id: ConversationId): Promise<void> {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    await this.#remove(id, member);
  }

  /** Never rejects: what can't be removed now is removed by the next server, whom the mark tells. */
  async #remove(id: ConversationId, { planned, place }: Omit<Member, "sandbox">): Promise<void> {
    const { runtimes, marks, logger } = this.#options;
    try {
      await runtimes.provider(planned.runtime).remove(id);
      await removeFolders(planned);
      await marks.remove(id);
    } catch (error) {
      logger.warn({ err: error }, "a sandbox made ahead could not be removed");
    } finally {
      place.leave();
    }
  }
}

async function removeFolders({ spec: { workspace, cacheFolder } }: PlannedSandbox): Promise<void> {
  for (const folder of cacheFolder === null ? [workspace] : [workspace, cacheFolder])
    await rm(folder, { recursive: true, force: true });
}
