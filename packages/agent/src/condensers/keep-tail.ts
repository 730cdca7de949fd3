import type { Condenser } from "./condenser.ts";
import { partsOf } from "./parts.ts";

/** The last rung: the task and the newest stay, with outputs that take a quarter of the room at most; the rest is forgotten. */
export const keepTail: Condenser = {
  rung: "keep-tail",
  free: true,
  isLastResort: true,
  condense: ({ entries, room }) => {
    const { middle } = partsOf(entries, room);
    const newest = entries.at(-1);
    if (newest === undefined) return Promise.resolve(null);
    const calls = newest.messages.flatMap((message) =>
      message.role === "tool" ? message.content : [],
    ).length;
    return Promise.resolve({
      forgotten_event_ids: middle.filter(({ kind }) => kind !== "summary").flatMap((entry) => entry.ids),
      clipped_outputs: {
        before_seq: newest.seq + 1,
        characters: Math.floor(room.free / 4 / Math.max(1, calls)),
      },
    });
  },
};
