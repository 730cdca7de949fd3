/** The conversations of this server, as routes and sockets see them: a thin face, each verb in a file of its own. */
import {
  addUsage,
  type ConfirmationResponse,
  type ConversationId,
  type ConversationInfo,
  type ConversationPage,
  type CreateConversationRequest,
  type SendMessageRequest,
  type StoredEvent,
  type SwitchModelRequest,
  type UpdateConversationRequest,
  type UsageSum,
  type CleanupResult,
  type CondenseResult,
  type SystemInfo,
} from "@openhands/protocol";
import type { ConversationQuery, KeptOutput, ListingFilter } from "@openhands/store";
import { condense } from "./condense.ts";
import { respondToConfirmation } from "./confirm.ts";
import { conversationInfo } from "./conversation-info.ts";
import { type CreateOptions, createConversation, type Created } from "./create.ts";
import type { Dependencies } from "./dependencies.ts";
import { leaveMemory } from "./leave-memory.ts";
import { machineUsage } from "./machine-usage.ts";
import { openConversation } from "./open.ts";
import { wholeOutput } from "./output.ts";
import { reconcile, removeOrphans } from "./reconcile.ts";
import { exportConversation } from "./export.ts";
import { removeConversation } from "./remove.ts";
import { retryNow } from "./retry-now.ts";
import { startRun } from "./run.ts";
import { sendMessage, type Sent } from "./send.ts";
import type { Session } from "./session.ts";
import { interrupt, pause, stopWithin } from "./stop.ts";
import { switchModel } from "./switch-model.ts";
import { emptyTrash, purgeTrashed, restoreConversation } from "./trash.ts";
import { updateConversation } from "./update.ts";
import { whileInUse } from "./while-in-use.ts";

/** What a step that runs has to end when the server stops; less than the whole stop may take. */
const stepSeconds = 2;
const reconcileEveryMs = 10 * 60_000;
const lookForIdleEveryMs = 60_000;

export class SessionManager {
  readonly #deps: Dependencies;
  readonly #closing = new AbortController();
  /** settles when what is being put right is */
  #reconciling: Promise<void> = Promise.resolve();

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** the server stops: no new work is taken */
  get isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  /** conversations in memory */
  get inMemory(): number {
    return this.#deps.sessions.size;
  }

  /** @throws AppError `not_found` */
  async open(id: ConversationId): Promise<Session> {
    return await openConversation(this.#deps, id);
  }

  async create(request: CreateConversationRequest, options?: CreateOptions): Promise<Created> {
    return await createConversation(this.#deps, request, options);
  }

  async list(query: ConversationQuery): Promise<ConversationPage> {
    const { items, nextPageId } = this.#deps.catalogue.list(query);
    const defaultModel = this.#deps.settings.effectiveModel().name;
    const shown = items.map(async (metadata) => {
      const session = await this.#deps.sessions.peek(metadata.id);
      const folder = this.#deps.layout.conversationFolder(metadata.id);
      const sandbox = this.#deps.sessions.sandboxOf(metadata.id);
      return (
        session?.info ?? conversationInfo(metadata, { defaultModel, folder, ...(sandbox && { sandbox }) })
      );
    });
    return {
      items: await Promise.all(shown),
      next_page_id: nextPageId,
      incomplete: this.#deps.catalogue.incomplete,
    };
  }

  async count(filter: ListingFilter): Promise<number> {
    return await this.#deps.catalogue.count(filter);
  }

  /** Messages, actions and what answered them, redacted. */
  async trajectory(id: ConversationId): Promise<AsyncIterable<StoredEvent>> {
    const session = await this.open(id);
    return whileInUse(session, this.#deps.store.trajectory(session.log));
  }

  async export(id: ConversationId): Promise<AsyncIterable<Uint8Array>> {
    return await exportConversation(this.#deps, id);
  }

  /** null when unknown */
  async find(id: ConversationId): Promise<ConversationInfo | null> {
    return (await this.#deps.store.has(id)) ? (await this.open(id)).info : null;
  }

  async send(id: ConversationId, request: SendMessageRequest): Promise<Sent> {
    return await sendMessage(this.#deps, await this.open(id), request);
  }

  /** @throws AppError `not_found` */
  async wholeOutput(id: ConversationId, eventId: string): Promise<KeptOutput> {
    return await wholeOutput(this.#deps, id, eventId);
  }

  async update(id: ConversationId, request: UpdateConversationRequest): Promise<Session> {
    const session = await this.open(id);
    await updateConversation(session, request);
    return session;
  }

  async run(id: ConversationId): Promise<void> {
    const session = await this.open(id);
    await session.inOrder(async () => await startRun(this.#deps, session));
  }

  /** @throws AppError `wrong_state` when nothing waits */
  async respondToConfirmation(id: ConversationId, response: ConfirmationResponse): Promise<void> {
    await respondToConfirmation(this.#deps, await this.open(id), response);
  }

  async pause(id: ConversationId): Promise<void> {
    pause(await this.open(id));
  }

  async condense(id: ConversationId): Promise<CondenseResult> {
    return await condense(this.#deps, await this.open(id));
  }

  async retryNow(id: ConversationId): Promise<void> {
    retryNow(await this.open(id));
  }

  async switchModel(id: ConversationId, request: SwitchModelRequest): Promise<void> {
    await switchModel(this.#deps, await this.open(id), request);
  }

  async interrupt(id: ConversationId): Promise<void> {
    await interrupt(await this.open(id));
  }

  /** The container goes, log and workspace stay. A run that is going is stopped first. */
  async suspend(id: ConversationId): Promise<void> {
    const session = await this.open(id);
    await interrupt(session);
    await session.sandbox.suspend();
  }

  /** Begins to start the sandbox; `sandbox_status` tells how that goes. */
  async resume(id: ConversationId): Promise<void> {
    void (await this.open(id)).sandbox.start();
  }

  /** @throws AppError `not_found`; with `purge` one in the trash is known too */
  async remove(id: ConversationId, purge: boolean): Promise<void> {
    const isThere = await this.#deps.store.has(id);
    if (purge && !isThere && (await purgeTrashed(this.#deps, id))) return;
    await removeConversation(this.#deps, await this.open(id), purge);
  }

  /** From the trash. @throws AppError `not_found`, `wrong_state` */
  async restore(id: ConversationId): Promise<Session> {
    return await restoreConversation(this.#deps, id);
  }

  /** Puts right what an earlier server left, and keeps it right by the clock. Never rejects. */
  async reconcile(autoResume: boolean): Promise<void> {
    const { signal } = this.#closing;
    const { clock } = this.#deps;
    this.#reconciling = this.#guarded(async () => await reconcile(this.#deps, { autoResume, signal }));
    await this.#reconciling;
    const tidy = async (): Promise<void> => await emptyTrash(this.#deps, signal);
    const again = (): void => {
      this.#reconciling = this.#guarded(async () => {
        await removeOrphans(this.#deps, signal);
        await tidy();
      });
    };
    this.#reconciling = this.#guarded(tidy);
    if (signal.aborted) return;
    signal.addEventListener("abort", clock.every(reconcileEveryMs, again));
    const look = (): void => void this.#letIdleLeave();
    signal.addEventListener("abort", clock.every(lookForIdleEveryMs, look));
  }

  /** What conversations take of the machine. */
  async machineUsage(): Promise<Pick<SystemInfo, "conversations" | "sandboxes" | "limits">> {
    const { admission, settings } = this.#deps;
    const { memoryMb, cpus, processes, poolSize, idleSeconds } = settings.sandboxLimits;
    return {
      conversations: await machineUsage(this.#deps),
      sandboxes: { running: admission.running, queued: admission.waiting },
      limits: {
        memory_mb: memoryMb,
        cpus,
        processes,
        max_running: admission.limit,
        pool_size: poolSize,
        idle_suspend_seconds: idleSeconds,
      },
    };
  }

  /** The settings have changed: what is made ahead, and who waits for a place, follows them. */
  settingsChanged(): void {
    this.#deps.admission.reconsider();
    this.#deps.pool.fill();
  }

  /** Removes sandboxes that nobody answers for, and lets those go that nobody needs now; workspaces stay. */
  async cleanUp(): Promise<CleanupResult> {
    const removed = await removeOrphans(this.#deps, this.#closing.signal);
    const sessions = await this.#deps.sessions.all();
    const idle = sessions.filter(({ state, sandbox }) => state.setup !== null && sandbox.idleSince !== null);
    await Promise.all(idle.map(async ({ sandbox }) => await sandbox.makeRoom()));
    await leaveMemory(this.#deps, 0);
    return { sandboxes_removed: removed, sandboxes_suspended: idle.length };
  }

  /** Stops what runs, lets the sandboxes go, writes what waits. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reconciling;
    const sessions = await this.#deps.sessions.all();
    await Promise.all(
      sessions.map(async (session) => {
        session.beginToClose();
        await stopWithin(this.#deps.clock, session, stepSeconds);
        await session.afterRun;
        await this.#letSandboxGo(session);
      }),
    );
    await this.#deps.pool.close();
    await this.#deps.catalogue.close();
    await Promise.all(sessions.map(async (session) => await session.log.close()));
  }

  async #letIdleLeave(): Promise<void> {
    const { idleSeconds } = this.#deps.settings.sandboxLimits;
    if (idleSeconds > 0) await leaveMemory(this.#deps, idleSeconds);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.logger.error({ err: error }, "what an earlier server left could not be put right");
    }
  }

  /** What the model calls of every conversation took and cost, by day, model and use. */
  async usage(): Promise<UsageSum[]> {
    let sums: UsageSum[] = [];
    for (const { stats } of await this.#deps.catalogue.all())
      sums = stats.usage_by_day.reduce(addUsage, sums);
    return sums;
  }

  /** Never rejects: one that can't go does not keep the others, and is taken over by the next server. */
  async #letSandboxGo(session: Session): Promise<void> {
    if (session.state.setup === null) return;
    try {
      await session.sandbox.close();
    } catch (error) {
      const conversation = session.log.conversationId;
      this.#deps.logger.warn({ err: error, conversation }, "a sandbox could not be suspended");
    }
  }
}
