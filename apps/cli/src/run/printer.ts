import type { StoredEvent, TransientEvent } from "@openhands/protocol";

/** Shows what happens in a run, while it happens. Told of each stored event once, in order. */
export interface Printer {
  event(event: StoredEvent): void;
  transient(event: TransientEvent): void;
}

/** Takes text for an output. */
export type Write = (text: string) => void;
