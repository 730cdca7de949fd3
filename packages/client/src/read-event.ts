/** Events and frames where they enter: checked once, never fatal. */
import {
  FullStateEvent,
  OtherEvent,
  parseEvent,
  ServerErrorEvent,
  type StoredEvent,
  StreamingDeltaEvent,
  ToolOutputDeltaEvent,
  type TransientEvent,
} from "@openhands/protocol";

/** What one frame of the events socket holds. */
export type Frame =
  | { readonly type: "stored"; readonly event: StoredEvent }
  | { readonly type: "transient"; readonly event: TransientEvent };

/**
 * A stored event. One of a known kind whose fields do not fit (a log of another version) is passed on as an event of
 * the kind `Unreadable<kind>`, so that readers show it generically.
 * @throws ZodError when it is no event at all
 */
export function readEvent(value: unknown): StoredEvent {
  try {
    return parseEvent(value);
  } catch {
    const event = OtherEvent.parse(value);
    return { ...event, kind: `Unreadable${event.kind}` };
  }
}

/** Reads one frame; one that cannot be read becomes a ServerErrorEvent with code `unreadable_frame`. */
export function readFrame(text: string): Frame {
  try {
    const value: unknown = JSON.parse(text);
    const transient = readTransient(value);
    return transient ? { type: "transient", event: transient } : { type: "stored", event: readEvent(value) };
  } catch {
    return { type: "transient", event: unreadableFrame() };
  }
}

function readTransient(value: unknown): TransientEvent | null {
  if (typeof value !== "object" || value === null || "seq" in value || !("kind" in value)) return null;
  switch (value.kind) {
    case "StreamingDeltaEvent":
      return StreamingDeltaEvent.parse(value);
    case "ToolOutputDeltaEvent":
      return ToolOutputDeltaEvent.parse(value);
    case "ServerErrorEvent":
      return ServerErrorEvent.parse(value);
    case "ConversationStateUpdateEvent":
      return FullStateEvent.parse(value);
    default:
      return null;
  }
}

function unreadableFrame(): ServerErrorEvent {
  return {
    id: "unreadable-frame",
    timestamp: new Date().toISOString(),
    source: "environment",
    kind: "ServerErrorEvent",
    code: "unreadable_frame",
    detail: "A message of the server could not be read. It may be of another version than this program.",
  };
}
