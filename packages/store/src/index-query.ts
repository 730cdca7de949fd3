/** From a listing that is asked for to the SQL that answers it. */
import type { SQLInputValue } from "node:sqlite";
import type { ConversationQuery, ListingFilter } from "./store.ts";

export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Where a page begins, by what it is ordered by: it holds also when that conversation has gone or moved. */
export interface PagePlace {
  readonly time: string;
  readonly id: string;
}

const pageIdForm = /^([\w:.+-]*)~([0-9a-f]{32})$/;

export const pageIdOf = ({ time, id }: PagePlace): string => `${time}~${id}`;

/** null for what no page of a listing has as its id */
function readPageId(pageId: string): PagePlace | null {
  const match = pageIdForm.exec(pageId);
  return match && { time: match[1] ?? "", id: match[2] ?? "" };
}

/** Words are looked for one by one: each is in the title or in some message. */
export function filterCondition({ status, query }: ListingFilter): Condition {
  const words = (query ?? "")
    .replaceAll("\0", " ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const parts = words.map(wordCondition);
  if (status !== null) parts.push({ sql: "execution_status = ?", values: [status] });
  return all(parts);
}

/** As in V1, a page that there is not is the first one. */
export function pageCondition({ orderBy, descending, pageId }: ConversationQuery): Condition {
  const place = pageId === null ? null : readPageId(pageId);
  if (place === null) return all([]);
  return { sql: `(${orderBy}, id) ${descending ? "<=" : ">="} (?, ?)`, values: [place.time, place.id] };
}

export function all(parts: readonly Condition[]): Condition {
  return {
    sql: parts.length === 0 ? "TRUE" : parts.map(({ sql }) => `(${sql})`).join(" AND "),
    values: parts.flatMap(({ values }) => values),
  };
}

/** Shorter than a trigram, a word has no place in the index of words: the texts themselves are gone through. */
function wordCondition(word: string): Condition {
  const has = (texts: string): string => `number IN (SELECT conversation FROM texts WHERE ${texts})`;
  if (Array.from(word).length >= 3) {
    return {
      sql: has("number IN (SELECT rowid FROM words WHERE words MATCH ?)"),
      values: [`"${word.replaceAll('"', '""')}"`],
    };
  }
  return {
    sql: has("text LIKE ? ESCAPE '\\'"),
    values: [`%${word.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`],
  };
}
