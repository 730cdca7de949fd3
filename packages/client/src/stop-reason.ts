import { socketClose } from "@openhands/protocol";

/** Why following ended for good: no access (any more), or no such conversation. */
export type StopReason = "access" | "unknown_conversation";

/** The reason that a close code stands for, or null where coming back makes sense. */
export function stopReasonOf(closeCode: number): StopReason | null {
  if (closeCode === socketClose.access) return "access";
  if (closeCode === socketClose.unknown) return "unknown_conversation";
  return null;
}
