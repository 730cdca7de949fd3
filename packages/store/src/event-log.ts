/**
 * The log of one conversation. The one writer gives seq, id and timestamp; whatever is asked for in one turn of the event
 * loop, and while a write is under way, goes to disk in one durable write.
 */
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  AppError,
  type ConversationId,
  type EventDraft,
  eventIdFor,
  parseEvent,
  seqOfEventId,
  type StoredEvent,
} from "@openhands/protocol";
import { type AttachmentStore, createAttachmentStore } from "./attachment-store.ts";
import { openLogFile, type OpenedLog } from "./heal-log.ts";
import { closedMeanwhile } from "./log-file.ts";
import { encodeLine } from "./log-line.ts";
import { isSelective, rangeOf, rowsBackward, rowsForward } from "./log-rows.ts";
import type { EventFilter, EventLog, EventPageRequest, LogReport, Redactor } from "./store.ts";
import { mapStrings } from "./map-strings.ts";
import { takeOutAttachments } from "./take-out-attachments.ts";

export interface EventLogOptions {
  /** of `events.json`; made where it is missing. What is too large for it lies in `attachments/` beside */
  readonly path: string;
  readonly conversationId: ConversationId;
  readonly redactor: Redactor;
  /** milliseconds since 1970 */
  readonly clock?: () => number;
  /** called once the file has been let go */
  readonly onClosed?: () => void;
}

export type OpenEventLog = EventLog & { readonly report: LogReport };

/** @throws AppError `disk_full` when the file cannot be opened for writing */
export async function openEventLog(options: EventLogOptions): Promise<OpenEventLog> {
  return new FileEventLog(options, await openLogFile(options.path, options.clock ?? Date.now));
}

/** One call of `append`, waiting for its turn. */
interface PendingAppend {
  /** checked, redacted and with the time of the call; the place comes with the write */
  readonly events: readonly StoredEvent[];
  readonly attachments: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly settle: PromiseWithResolvers<StoredEvent[]>;
}

class FileEventLog implements OpenEventLog {
  readonly conversationId: ConversationId;
  readonly report: LogReport;
  readonly #redactor: Redactor;
  readonly #clock: () => number;
  readonly #onClosed: () => void;
  readonly #file: OpenedLog["file"];
  readonly #attachments: AttachmentStore;
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  #lastSeq: number;
  #pending: PendingAppend[] = [];
  #writing: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: EventLogOptions, opened: OpenedLog) {
    this.conversationId = options.conversationId;
    this.report = opened.report;
    this.#redactor = options.redactor;
    this.#clock = options.clock ?? Date.now;
    this.#onClosed = options.onClosed ?? (() => undefined);
    this.#file = opened.file;
    this.#attachments = createAttachmentStore(join(dirname(options.path), "attachments"));
    this.#lastSeq = opened.lastSeq;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  async append(drafts: readonly EventDraft[]): Promise<StoredEvent[]> {
    this.#assertOpen();
    const timestamp = new Date(this.#clock()).toISOString();
    const taken = drafts.map((draft) => takeOutAttachments(this.#redactor.json(wellFormed(draft))));
    const events = taken.map(({ event }) => parseEvent({ ...event, id: "", seq: 0, timestamp }));
    if (events.length === 0) return [];
    const attachments = taken.flatMap((each) => [...each.attachments]);
    const settle = Promise.withResolvers<StoredEvent[]>();
    this.#pending.push({ events, attachments, settle });
    this.#writing ??= this.#writePending();
    return settle.promise;
  }

  async *read(filter: EventFilter = {}): AsyncGenerator<StoredEvent> {
    this.#assertOpen();
    yield* rowsForward(this.#file, rangeOf(filter, this.#lastSeq), filter);
  }

  async page(request: EventPageRequest): Promise<StoredEvent[]> {
    this.#assertOpen();
    const rows = request.order === "ascending" ? rowsForward : rowsBackward;
    const range = rangeOf(request, this.#lastSeq);
    const page: StoredEvent[] = [];
    if (request.limit <= 0) return page;
    for await (const event of rows(this.#file, range, request)) {
      page.push(event);
      if (page.length >= request.limit) break;
    }
    return page;
  }

  async count(filter: EventFilter): Promise<number> {
    this.#assertOpen();
    const range = rangeOf(filter, this.#lastSeq);
    if (!isSelective(filter)) return Math.max(0, range.before - range.from);
    let count = 0;
    for await (const _event of rowsForward(this.#file, range, filter)) count += 1;
    return count;
  }

  async get(id: string): Promise<StoredEvent | null> {
    this.#assertOpen();
    const seq = seqOfEventId(id);
    const event = seq === null ? null : await this.at(seq);
    if (event?.id === id) return event;
    // an id of another make: a log that was imported or edited by hand
    for await (const other of this.read({ json: JSON.stringify(id) })) {
      if (other.id === id) return other;
    }
    return null;
  }

  async at(seq: number): Promise<StoredEvent | null> {
    const [event] = await this.page({ afterSeq: seq - 1, beforeSeq: seq + 1, limit: 1, order: "ascending" });
    return event ?? null;
  }

  async attachment(name: string): Promise<Uint8Array | null> {
    return await this.#attachments.read(name);
  }

  subscribe(listener: (event: StoredEvent) => void): () => void {
    // wrapped, so that a function subscribed twice is told twice and stopped one at a time
    const entry = (event: StoredEvent): void => listener(event);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#writing;
      await this.#file.close();
      this.#onClosed();
    })();
    return this.#closed;
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw new AppError("wrong_state", closedMeanwhile);
  }

  async #writePending(): Promise<void> {
    await setImmediate();
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      await this.#write(batch);
    }
    this.#writing = null;
  }

  async #write(batch: readonly PendingAppend[]): Promise<void> {
    let next = this.#lastSeq + 1;
    const rows = batch.map(({ events }) =>
      events.map((event): StoredEvent => {
        const seq = next;
        next += 1;
        return { ...event, seq, id: eventIdFor(seq, randomUUID()) };
      }),
    );
    try {
      // before the events that refer to them
      for (const [name, bytes] of batch.flatMap((append) => append.attachments)) {
        await this.#attachments.write(name, bytes);
      }
      await this.#file.append(rows.flat().map(encodeLine));
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
      return;
    }
    this.#lastSeq = next - 1;
    for (const row of rows.flat()) this.#tell(row);
    for (const [index, { settle }] of batch.entries()) settle.resolve(rows[index] ?? []);
  }

  #tell(event: StoredEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // it must not: the event is on disk and the others are told all the same
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

/** Half of a surrogate pair is no character: other programs, and providers of models, refuse a JSON that holds one. */
function wellFormed(draft: EventDraft): EventDraft {
  return mapStrings(draft, (text) => text.toWellFormed());
}
