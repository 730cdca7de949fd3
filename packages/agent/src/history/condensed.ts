/** What a Condensation leaves of the history. The same for the log that is read and for the rung that is only tried. */
import { type Condensation, text } from "@openhands/protocol";
import { type Entry, entryOf, withShortOutputs } from "./entry.ts";

export type Tombstone = Pick<Condensation, "forgotten_event_ids" | "summary" | "clipped_outputs">;

const summaryHeading =
  "[Summary of what came before, made to save room. The workspace is as these steps left it.]\n";

/** @param id the event's; its summary is `{id}-summary` */
export function condensed(
  entries: readonly Entry[],
  { forgotten_event_ids: ids, summary, clipped_outputs: clip }: Tombstone,
  { id, seq }: { readonly id: string; readonly seq: number },
): Entry[] {
  const forgotten = new Set(ids);
  const isForgotten = (entry: Entry): boolean => entry.ids.some((entryId) => forgotten.has(entryId));
  const first = entries.findIndex(isForgotten);
  const kept = entries.filter((entry) => !isForgotten(entry));
  if (first !== -1 && summary) kept.splice(first, 0, summaryEntry(summary, { id, seq }));
  if (!clip) return kept;
  return kept.map((entry) =>
    entry.seq < clip.before_seq ? withShortOutputs(entry, clip.characters) : entry,
  );
}

/** Told in the person's turn, for that is the only one that every provider takes anywhere. */
function summaryEntry(summary: string, { id, seq }: { readonly id: string; readonly seq: number }): Entry {
  return entryOf({
    ids: [`${id}-summary`],
    seq,
    kind: "summary",
    messages: [{ role: "user", content: [text(`${summaryHeading}${summary}`)] }],
  });
}
