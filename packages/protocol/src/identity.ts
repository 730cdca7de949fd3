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

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/**
 * The id of the event at `seq`.
 * @param random ten random bytes, given by the caller so that this stays pure
 */
export function eventIdFor(seq: number, random: Uint8Array): string {
  const head = hex(seq, 12);
  const bytes = Array.from(random.subarray(0, 10));
  const group = (from: number, to: number): string =>
    bytes
      .slice(from, to)
      .map((byte) => hex(byte, 2))
      .join("");
  const version = hex(0x8000 | (((bytes[0] ?? 0) << 4) | ((bytes[1] ?? 0) >> 4)), 4);
  const variant = hex(0x80 | ((bytes[2] ?? 0) & 0x3f), 2) + group(3, 4);
  return `${head.slice(0, 8)}-${head.slice(8)}-${version}-${variant}-${group(4, 10)}`;
}

/** The seq that an id made by {@link eventIdFor} carries, or null for an id of another make. */
export function seqOfEventId(id: string): number | null {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : null;
}
