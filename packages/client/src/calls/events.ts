import {
  Count,
  EventPage,
  type EventSearch,
  MessageAccepted,
  type SendMessageRequest,
  SomeEvents,
  type StoredEvent,
  WireEvent,
} from "@openhands/protocol";
import { readEvent } from "../read-event.ts";
import type { Connection } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

export function eventCalls({ request, download, baseUrl }: Connection) {
  const outputPath = (id: string, eventId: string): string =>
    `${conversationPath(id)}/events/${encodeURIComponent(eventId)}/output`;
  return {
    /** Resolves once the message is on disk. With `run` the agent goes on with it at once. */
    send: (id: string, message: SendMessageRequest) =>
      request(`${conversationPath(id)}/events`, MessageAccepted, { method: "POST", body: message }),
    search: async (id: string, query: EventSearch = {}): Promise<EventPage> => {
      const page = await request(`${conversationPath(id)}/events/search`, EventPage, { query: { ...query } });
      return { ...page, items: page.items.map((item): StoredEvent => readEvent(item)) };
    },
    get: async (id: string, eventId: string): Promise<StoredEvent> =>
      readEvent(await request(`${conversationPath(id)}/events/${encodeURIComponent(eventId)}`, WireEvent)),
    /** In the order asked for, null for unknown ones. */
    some: async (id: string, ids: readonly string[]): Promise<(StoredEvent | null)[]> => {
      const found = await request(`${conversationPath(id)}/events`, SomeEvents, { query: { ids } });
      return found.map((event) => (event === null ? null : readEvent(event)));
    },
    count: (id: string, query: EventSearch = {}) =>
      request(`${conversationPath(id)}/events/count`, Count, { query: { ...query } }),
    /** The whole output of a tool as text, by the id of the observation or of its action. */
    output: (id: string, eventId: string) => download(outputPath(id, eventId)),
    /** Its address, for a link. */
    outputUrl: (id: string, eventId: string): string => `${baseUrl}${outputPath(id, eventId)}`,
    /** Address of what an event refers to as `attachment:<name>`, for an image or a link. */
    attachmentUrl: (id: string, name: string): string =>
      `${baseUrl}${conversationPath(id)}/attachments/${encodeURIComponent(name)}`,
  };
}
