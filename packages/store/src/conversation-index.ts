/**
 * `index.sqlite`: what listing and search are answered from. A cache: a row is a copy of a metadata.json with the texts
 * of its messages up to some seq. Lost, unreadable or of another version it is made anew, empty, and who keeps it up
 * fills it again; where it can't be written it goes on in memory.
 */
import { rmSync } from "node:fs";
import type * as NodeSqlite from "node:sqlite";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { AppError, ConversationId, ConversationMetadata } from "@openhands/protocol";
import { parseJson } from "./documents.ts";
import { all, filterCondition, pageCondition, pageIdOf } from "./index-query.ts";
import { indexSchema, indexVersion } from "./index-schema.ts";
import type { ConversationIndex, ConversationQuery, IndexChange, ListingFilter } from "./store.ts";

export interface ConversationIndexOptions {
  /** of index.sqlite; its folder is there */
  readonly path: string;
  /** told why, each time that what was in it is lost and it begins anew, empty */
  readonly onLoss: (cause: unknown) => void;
}

type Sqlite = typeof NodeSqlite;

/** What of a message is searched: a longer one is hardly words. */
const longestText = 100_000;

/** Never fails for what lies at `path`. */
export async function openConversationIndex(options: ConversationIndexOptions): Promise<ConversationIndex> {
  return new SqliteIndex(await import("node:sqlite"), options);
}

class SqliteIndex implements ConversationIndex {
  readonly #sqlite: Sqlite;
  readonly #options: ConversationIndexOptions;
  #database: DatabaseSync;
  #losses = 0;

  constructor(sqlite: Sqlite, options: ConversationIndexOptions) {
    this.#sqlite = sqlite;
    this.#options = options;
    try {
      this.#database = openDatabase(sqlite, options.path);
    } catch (error) {
      this.#database = this.#anew(error);
    }
  }

  get losses(): number {
    return this.#losses;
  }

  ids(): ConversationId[] {
    return this.#use((database) =>
      database
        .prepare("SELECT id FROM conversations")
        .all()
        .map(({ id }) => ConversationId.parse(id)),
    );
  }

  textsUpTo(id: ConversationId): number {
    return this.#use((database) => Number(rowOf(database, id)?.["texts_up_to"] ?? -1));
  }

  isCurrent(metadata: ConversationMetadata): boolean {
    const row = this.#use((database) => rowOf(database, metadata.id));
    return (
      row?.["texts_up_to"] === metadata.last_seq &&
      row["last_seq"] === metadata.last_seq &&
      row["updated_at"] === metadata.updated_at &&
      row["execution_status"] === metadata.execution_status
    );
  }

  put(changes: readonly IndexChange[]): void {
    this.#use((database) =>
      inTransaction(database, () => changes.forEach((change) => put(database, change))),
    );
  }

  remove(ids: readonly ConversationId[]): void {
    this.#use((database) => inTransaction(database, () => ids.forEach((id) => remove(database, id))));
  }

  search(query: ConversationQuery): { items: ConversationMetadata[]; nextPageId: string | null } {
    const condition = all([filterCondition(query), pageCondition(query)]);
    const direction = query.descending ? "DESC" : "ASC";
    const sql = `SELECT metadata FROM conversations WHERE ${condition.sql} ORDER BY ${query.orderBy} ${direction}, id ${direction} LIMIT ?`;
    return this.#use((database) => {
      const rows = database.prepare(sql).all(...condition.values, query.limit + 1);
      const items = rows.map(({ metadata }) => ConversationMetadata.parse(parseJson(String(metadata))));
      const next = items[query.limit];
      const nextPageId = next === undefined ? null : pageIdOf({ time: next[query.orderBy], id: next.id });
      return { items: items.slice(0, query.limit), nextPageId };
    });
  }

  count(filter: ListingFilter): number {
    const { sql, values } = filterCondition(filter);
    return this.#use((database) =>
      Number(database.prepare(`SELECT count(*) AS n FROM conversations WHERE ${sql}`).get(...values)?.["n"]),
    );
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** What can't be read or written begins anew; then once more. */
  #use<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#database);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.close();
      this.#database = this.#anew(error);
      return this.#useNew(work);
    }
  }

  /** On a full disk a new file takes nothing either: what follows is held in memory until the next start. */
  #useNew<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#database);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.close();
      this.#losses += 1;
      this.#options.onLoss(error);
      this.#database = openDatabase(this.#sqlite, ":memory:");
      return work(this.#database);
    }
  }

  /** One that failed while it was in memory has no other place to go to than a new memory. */
  #anew(cause: unknown): DatabaseSync {
    this.#losses += 1;
    this.#options.onLoss(cause);
    try {
      for (const end of ["", "-wal", "-shm"]) rmSync(`${this.#options.path}${end}`, { force: true });
      return openDatabase(this.#sqlite, this.#options.path);
    } catch (error) {
      this.#options.onLoss(error);
      return openDatabase(this.#sqlite, ":memory:");
    }
  }
}

function openDatabase(sqlite: Sqlite, path: string): DatabaseSync {
  const database = new sqlite.DatabaseSync(path);
  try {
    // A cache need not be durable, only whole.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version !== indexVersion) database.exec(indexSchema);
    database.prepare("SELECT number FROM conversations LIMIT 1").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function rowOf(database: DatabaseSync, id: ConversationId) {
  const sql =
    "SELECT number, last_seq, texts_up_to, updated_at, execution_status FROM conversations WHERE id = ?";
  return database.prepare(sql).get(id);
}

function put(database: DatabaseSync, { metadata, texts, textsAfter }: IndexChange): void {
  const before = rowOf(database, metadata.id);
  const read = Number(before?.["texts_up_to"] ?? -1);
  // A log that has become shorter was changed by hand: what was read of it says nothing any more.
  const isShorter = read > metadata.last_seq;
  const known = isShorter ? -1 : read;
  const number = putRow(database, metadata, known >= textsAfter ? metadata.last_seq : known);
  if (isShorter) database.prepare("DELETE FROM texts WHERE conversation = ?").run(number);
  putText(database, { number, seq: -1, text: metadata.title ?? "" });
  for (const { seq, text } of texts) putText(database, { number, seq, text: text.slice(0, longestText) });
}

function putRow(database: DatabaseSync, metadata: ConversationMetadata, textsUpTo: number): SQLInputValue {
  const row = database
    .prepare(
      `INSERT INTO conversations (id, created_at, updated_at, execution_status, last_seq, texts_up_to, metadata)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, updated_at = excluded.updated_at,
         execution_status = excluded.execution_status, last_seq = excluded.last_seq,
         texts_up_to = excluded.texts_up_to, metadata = excluded.metadata
       RETURNING number`,
    )
    .get(
      metadata.id,
      metadata.created_at,
      metadata.updated_at,
      metadata.execution_status,
      metadata.last_seq,
      textsUpTo,
      JSON.stringify(metadata),
    );
  return row?.["number"] ?? null;
}

interface TextRow {
  readonly number: SQLInputValue;
  readonly seq: number;
  readonly text: string;
}

function putText(database: DatabaseSync, { number, seq, text }: TextRow): void {
  const before = database
    .prepare("SELECT text FROM texts WHERE conversation = ? AND seq = ?")
    .get(number, seq);
  if (before?.["text"] === text) return;
  if (before !== undefined)
    database.prepare("DELETE FROM texts WHERE conversation = ? AND seq = ?").run(number, seq);
  database.prepare("INSERT INTO texts (conversation, seq, text) VALUES (?, ?, ?)").run(number, seq, text);
}

function remove(database: DatabaseSync, id: ConversationId): void {
  const row = rowOf(database, id);
  if (row === undefined) return;
  database.prepare("DELETE FROM texts WHERE conversation = ?").run(row["number"] ?? null);
  database.prepare("DELETE FROM conversations WHERE id = ?").run(id);
}
