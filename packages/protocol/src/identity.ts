/**
 * Names of things: conversations and events.
 *
 * An event's id is a UUIDv8 that carries its `seq`, so an id can be found by bisecting the log:
 * 48 bits of seq, version 8, 12 random bits, variant, 62 random bits.
 */
import * as z from "zod";

export const ConversationId = z
  .string()
  .transform((text) => text.replaceAll("-", "").toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{32}$/, "a conversation id is 32 hex digits"))
  .brand<"ConversationId">();
/** 32 lower-case hex digits. Parsing accepts dashes and upper case. */
export type ConversationId = z.infer<typeof ConversationId>;

/**
 * The id of the event at `seq`.
 * @param random a random UUID (version 4), whose random bits it takes; given by the caller so that this stays pure
 */
export function eventIdFor(seq: number, random: string): string {
  const head = seq.toString(16).padStart(12, "0");
  return `${head.slice(0, 8)}-${head.slice(8)}-8${random.slice(15)}`;
}

/** Takes the place of a random UUID where the same id is wanted each time. */
export const noRandomness = "00000000-0000-4000-8000-000000000000";

/** The seq that an id made by {@link eventIdFor} carries, or null for an id of another make. */
export function seqOfEventId(id: string): number | null {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : null;
}
