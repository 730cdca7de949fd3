/** The history cut into what every rung keeps and what it may leave out. */
import type { Entry } from "../history/entry.ts";
import type { Room } from "./room.ts";

export interface Parts {
  /** may be forgotten, in order */
  readonly middle: readonly Entry[];
  /** the newest, kept as they are: as many as fit, one at least */
  readonly tail: readonly Entry[];
}

/**
 * Kept beside the tail: the newest message of the person, and the first one, which says what all this is about, where
 * it is no longer than the tail may be. What the newest message takes of the room, the tail's share is not of.
 */
export function partsOf(entries: readonly Entry[], room: Room): Parts {
  const first = entries.find((entry) => entry.kind === "person");
  const last = entries.findLast((entry) => entry.kind === "person");
  const longestTail = room.tail * (1 - Math.min(1, (last?.size ?? 0) / Math.max(1, room.free)));
  let begin = entries.length;
  for (let size = 0; begin > 0; begin -= 1) {
    size += entries[begin - 1]?.size ?? 0;
    if (size > longestTail && begin < entries.length) break;
  }
  const kept = (entry: Entry): boolean => entry === last || (entry === first && entry.size <= room.tail);
  return {
    middle: entries.slice(0, begin).filter((entry) => !kept(entry)),
    tail: entries.slice(begin),
  };
}
