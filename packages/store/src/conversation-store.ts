/** The folders of conversations: made, listed, opened one log at a time, moved to the trash. Workspaces are not ours. */
import { mkdir } from "node:fs/promises";
import { AppError, ConversationId } from "@openhands/protocol";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { makeFolder, namesIn, syncFolder, writeDocument } from "./documents.ts";
import { openEventLog, type OpenEventLog } from "./event-log.ts";
import { exportOf } from "./export.ts";
import { exists } from "./file-stamp.ts";
import { createInOrder, type InOrder } from "./in-order.ts";
import type { Layout } from "./layout.ts";
import { logEnd, logStart } from "./log-line.ts";
import { messagesOnDisk } from "./log-on-disk.ts";
import { readCurrentMetadata, readMetadata, writeMetadata } from "./metadata-file.ts";
import { createOutputStore } from "./output-store.ts";
import type { ConversationStore, Redactor } from "./store.ts";
import { createShellStateDocument } from "./shell-state.ts";
import { createTrash } from "./trash.ts";
import { extendTrajectory, trajectoryOf } from "./trajectory.ts";
import { removeUnfinished } from "./unfinished-writes.ts";

export interface ConversationStoreOptions {
  readonly layout: Layout;
  readonly redactor: Redactor;
  /** milliseconds since 1970 */
  readonly clock?: () => number;
}

export function createConversationStore(options: ConversationStoreOptions): ConversationStore {
  const { layout, redactor } = options;
  const clock = options.clock ?? Date.now;
  const openLogs = new Set<ConversationId>();
  const trajectories = new Map<ConversationId, InOrder>();
  const trash = createTrash(layout);

  function openLog(id: ConversationId): Promise<OpenEventLog> {
    const onClosed = (): void => void openLogs.delete(id);
    return openEventLog({ path: layout.eventsFile(id), conversationId: id, redactor, clock, onClosed });
  }

  return {
    create: (id) => createFolder(layout, id),
    has: (id) => exists(layout.conversationFolder(id)),
    async list() {
      const names = await namesIn(layout.conversationsFolder);
      return names.flatMap((name) => {
        const id = ConversationId.safeParse(name);
        return id.success && id.data === name ? [id.data] : [];
      });
    },
    async open(id) {
      if (!(await exists(layout.conversationFolder(id)))) {
        throw new AppError("not_found", "There is no such conversation.");
      }
      if (openLogs.has(id))
        throw new AppError("wrong_state", "The log of this conversation is open already.");
      openLogs.add(id);
      try {
        await removeUnfinishedOf(layout, id);
        return await openLog(id);
      } catch (error) {
        openLogs.delete(id);
        throw error;
      }
    },
    outputs: (id) => createOutputStore(layout.observationsFolder(id), redactor),
    shellState: (id) => createShellStateDocument(layout.shellFile(id), redactor),
    readMetadata: (id) => readMetadata(layout, id),
    readCurrentMetadata: (id) => readCurrentMetadata(layout, id),
    writeMetadata: (metadata) => writeMetadata(layout, metadata),
    readMessages: (id, afterSeq) => messagesOnDisk(layout.eventsFile(id), afterSeq),
    async extendTrajectory(log) {
      const { conversationId: id } = log;
      const inOrder = trajectories.get(id) ?? createInOrder();
      trajectories.set(id, inOrder);
      await inOrder(async () => await extendTrajectory(layout.trajectoryFile(id), log, redactor));
    },
    trajectory: (log) => trajectoryOf(log, redactor),
    export: (log, metadata) => exportOf(log, metadata, { layout, redactor }),
    async remove(id, { purge }) {
      trajectories.delete(id);
      await trash.put(id, clock());
      if (purge) for (const entry of await trash.list()) if (entry.id === id) await trash.empty(entry);
    },
    trashed: () => trash.list(),
    restore: (id) => trash.restore(id),
    empty: (entry) => trash.empty(entry),
  };
}

async function removeUnfinishedOf(layout: Layout, id: ConversationId): Promise<void> {
  const folders = [layout.conversationFolder(id), layout.attachmentsFolder(id)];
  await Promise.all(folders.map(removeUnfinished));
}

async function createFolder(layout: Layout, id: ConversationId): Promise<void> {
  await makeFolder(layout.conversationsFolder);
  try {
    await mkdir(layout.conversationFolder(id), { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw diskFailure(error);
    throw new AppError("wrong_state", "There is a conversation of this id already.", { cause: error });
  }
  await writeDocument(layout.eventsFile(id), `${logStart}${logEnd}`);
  await syncFolder(layout.conversationsFolder);
}
