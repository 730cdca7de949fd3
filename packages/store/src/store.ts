/** The faces of what is kept. Implementations are in the files beside; a database will follow. */
import type { Readable } from "node:stream";
import type {
  ConversationId,
  ConversationMetadata,
  EventDraft,
  ExecutionStatus,
  Settings,
  StoredEvent,
} from "@openhands/protocol";
import type { ZipEntry } from "./zip.ts";

export interface EventFilter {
  /** only events after this seq */
  readonly afterSeq?: number;
  /** only events before this seq */
  readonly beforeSeq?: number;
  readonly kind?: string;
  readonly source?: string;
  /** text that is said, done or answered in the event, compared case-insensitively */
  readonly body?: string;
  /** a piece of the event's JSON as it is written, names of fields among it, compared case-insensitively */
  readonly json?: string;
}

export interface EventPageRequest extends EventFilter {
  readonly limit: number;
  readonly order: "ascending" | "descending";
}

export interface EventLog {
  readonly conversationId: ConversationId;
  /** -1 while empty */
  readonly lastSeq: number;
  /**
   * Validates, redacts, gives seq, id and timestamp, appends. Rows of one call stay together; calls are written in
   * order; all calls of one turn of the event loop share one write. Resolves with the stored rows when
   * they are durable. Listeners have been told before it resolves.
   * @throws AppError `disk_full` when there is no room; the log is then as before the call and still valid
   */
  append(drafts: readonly EventDraft[]): Promise<StoredEvent[]>;
  /** Streams from disk in order; what is appended meanwhile may or may not be seen. */
  read(filter?: EventFilter): AsyncIterable<StoredEvent>;
  page(request: EventPageRequest): Promise<StoredEvent[]>;
  count(filter: EventFilter): Promise<number>;
  /** null when unknown */
  get(id: string): Promise<StoredEvent | null>;
  at(seq: number): Promise<StoredEvent | null>;
  /**
   * What an event refers to as `attachment:<name>`: images and files over 64 kB, which `append` takes out of it.
   * null when there is none of that name
   */
  attachment(name: string): Promise<Uint8Array | null>;
  /** Tells each stored row, once and in order, after it is on disk. Returns the way to stop. A listener must not throw. */
  subscribe(listener: (event: StoredEvent) => void): () => void;
  /** Waits for what is queued, then lets the file go. */
  close(): Promise<void>;
}

/** The whole text of one output, while it arrives. */
export interface OutputFile {
  /** Redacts and writes. Never throws: what goes wrong is told by `keep`. */
  write(text: string): void;
  /** Makes it durable. @returns its bytes; null when the disk had no room for it, and then nothing is kept */
  keep(): Promise<number | null>;
  /** Nothing of it is needed. */
  discard(): void;
  /** The call came to no end: what has outgrown an event stays, the rest is not needed. */
  close(): void;
}

/** Outputs that are too long for their events, whole, by the id of the action that gave them. */
export interface OutputStore {
  begin(actionId: string): OutputFile;
  /** null when there is none */
  find(actionId: string): Promise<KeptOutput | null>;
}

export interface KeptOutput {
  readonly bytes: number;
  read(): Readable;
}

/** What of the agent's shell outlives it, as of its last prompt. */
export interface ShellStateDocument {
  /** null where there is none, or none that can be read */
  load(): Promise<ShellState | null>;
  /** Variables that hold a secret are left out. @throws AppError `disk_full` */
  save(state: ShellState): Promise<void>;
}

interface ShellState {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface LogReport {
  /** bytes of a torn tail that were cut off and set aside, and where */
  readonly healed: { readonly bytes: number; readonly side_file: string } | null;
}

/** A conversation in the trash. */
export interface Trashed {
  readonly id: ConversationId;
  /** since when, in milliseconds since 1970 */
  readonly since: number;
  readonly path: string;
}

export interface ConversationStore {
  /** Makes folder and empty log. @throws AppError `wrong_state` when it is there already */
  create(id: ConversationId): Promise<void>;
  has(id: ConversationId): Promise<boolean>;
  /** Ids on disk, in no order. */
  list(): Promise<ConversationId[]>;
  /** Opens, healing a torn tail. One open log per conversation at a time. @throws AppError `not_found` */
  open(id: ConversationId): Promise<EventLog & { readonly report: LogReport }>;
  outputs(id: ConversationId): OutputStore;
  shellState(id: ConversationId): ShellStateDocument;
  /** null when missing or broken: rebuild it from the log */
  readMetadata(id: ConversationId): Promise<ConversationMetadata | null>;
  /** The same, and null too when the log was written after it. */
  readCurrentMetadata(id: ConversationId): Promise<ConversationMetadata | null>;
  writeMetadata(metadata: ConversationMetadata): Promise<void>;
  /** The texts of messages after a seq, read from disk whether the log is open or not. */
  readMessages(id: ConversationId, afterSeq: number): AsyncIterable<MessageText>;
  /** Brings `trajectory.json` up to the log: redacted actions with their observations. Calls are done in order. */
  extendTrajectory(log: EventLog): Promise<void>;
  /** The same events, as they are known to be free of secrets now. */
  trajectory(log: EventLog): AsyncIterable<StoredEvent>;
  /** The same, with the log, `metadata`, whole outputs and attachments: files for an archive, redacted as they are read. */
  export(log: EventLog, metadata: ConversationMetadata): AsyncIterable<ZipEntry>;
  /** To the trash; at once with `purge`, also what of it is in the trash already. Idempotent. Never touches a workspace. */
  remove(id: ConversationId, options: { readonly purge: boolean }): Promise<void>;
  /** What is in the trash, the newest last; an id may be there more than once. */
  trashed(): Promise<Trashed[]>;
  /** Brings back what came to the trash last. @throws AppError `not_found`, `wrong_state` when the id is in use again */
  restore(id: ConversationId): Promise<void>;
  /** Removes one for good. Idempotent. */
  empty(trashed: Trashed): Promise<void>;
}

/** The text of one message. */
export interface MessageText {
  readonly seq: number;
  readonly text: string;
}

export interface ListingFilter {
  readonly status: ExecutionStatus | null;
  /** words, each of which stands in the title or in a message, whatever the case; null: all */
  readonly query: string | null;
}

export interface ConversationQuery extends ListingFilter {
  readonly limit: number;
  readonly orderBy: "created_at" | "updated_at";
  readonly descending: boolean;
  /** as an earlier page named its next; null: the first page */
  readonly pageId: string | null;
}

export interface IndexChange {
  readonly metadata: ConversationMetadata;
  /** every message after the seq `textsAfter` up to the last of `metadata` */
  readonly texts: readonly MessageText[];
  readonly textsAfter: number;
}

/** What listing and search are answered from. A cache that whoever writes conversations keeps up. */
export interface ConversationIndex {
  /** how often it has begun anew, empty: each time it is to be filled again */
  readonly losses: number;
  ids(): ConversationId[];
  /** The seq up to which every message of a conversation can be searched; -1 when it is not known. */
  textsUpTo(id: ConversationId): number;
  /** True when it holds just this, with every message. */
  isCurrent(metadata: ConversationMetadata): boolean;
  /** All or nothing. Messages whose predecessors are missing are taken, and `textsUpTo` stays where it was. */
  put(changes: readonly IndexChange[]): void;
  remove(ids: readonly ConversationId[]): void;
  /** @throws AppError `invalid` for an unknown page */
  search(query: ConversationQuery): { items: ConversationMetadata[]; nextPageId: string | null };
  count(filter: ListingFilter): number;
  /** Idempotent. */
  close(): void;
}

export interface SettingsStore {
  /** Defaults where there is no file; a broken file is set aside and named in `problem`. */
  read(): Promise<{ settings: Settings; problem: string | null }>;
  write(settings: Settings): Promise<void>;
}

/** What is known of a secret without its value. */
export interface SecretInfo {
  /** of a conversation's own secret: `NAME@conversation-id` */
  readonly name: string;
  readonly description: string | null;
  /** commands in sandboxes may have it in their environment */
  readonly sandbox: boolean;
}

export interface SecretChange {
  /** the new value; without one the secret keeps its own */
  readonly value?: string;
  readonly description?: string | null;
  readonly sandbox?: boolean;
}

export interface Vault {
  /** null: unlocked. Else one sentence on why it is locked and the way out. */
  readonly locked: string | null;
  /** In order of their names; also of those that are locked. */
  list(): SecretInfo[];
  names(): string[];
  /** null when there is none. @throws AppError `unavailable` when locked or damaged */
  get(name: string): Promise<string | null>;
  /** Makes or changes it. @throws AppError `unavailable` when locked, `invalid` for a bad name or an empty value, `not_found` for no value of one that is not there */
  set(name: string, change: SecretChange): Promise<void>;
  /** Idempotent. */
  remove(name: string): Promise<void>;
  /**
   * Makes a new master key and encrypts everything with it. Interrupted anywhere, every secret can be read, and the next
   * opening goes on with it.
   * @throws AppError `unavailable` when locked or a secret is damaged, `wrong_state` when the environment holds the key
   */
  rotate(): Promise<void>;
}

/** Takes secret values out of text, in every form they travel in. */
export interface RedactingStream {
  push(chunk: string): string;
  /** what is held back, as it came */
  held(): string;
  end(): string;
}

export interface Redactor {
  /**
   * false for a value under 8 characters and for a word that events are made of (`assistant`): it is not masked and the
   * caller should warn
   */
  add(value: string): boolean;
  text(value: string): string;
  /** Every string within, keys included; image data is left alone. */
  json<T>(value: T): T;
  /** How many characters at the end of a text that will go on are not decided: they may be the start of a secret. */
  undecidedEnd(value: string): number;
  /** For a stream of chunks: holds back what may be the start of a secret. */
  stream(): RedactingStream;
}
