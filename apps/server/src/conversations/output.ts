import { Readable } from "node:stream";
import { AppError, type ConversationId, isKnown, plainText } from "@openhands/protocol";
import type { KeptOutput } from "@openhands/store";
import type { Dependencies } from "./dependencies.ts";
import { openConversation } from "./open.ts";

/**
 * The whole text of what a tool returned: the file beside the log, else what the event itself holds. Found by the
 * observation or by its action, also of a command that still prints or never came to its end.
 * @throws AppError `not_found`
 */
export async function wholeOutput(
  deps: Dependencies,
  id: ConversationId,
  eventId: string,
): Promise<KeptOutput> {
  const { log } = await openConversation(deps, id);
  const event = await log.get(eventId);
  if (event === null) throw new AppError("not_found", "There is no such event in this conversation.");
  if (!isKnown(event) || (event.kind !== "ObservationEvent" && event.kind !== "ActionEvent")) {
    throw new AppError("not_found", "This event is no output of a tool.");
  }
  const actionId = event.kind === "ActionEvent" ? event.id : event.action_id;
  const kept = await deps.store.outputs(id).find(actionId);
  if (kept !== null) return kept;
  if (event.kind === "ActionEvent")
    throw new AppError("not_found", "Nothing is kept of this action's output.");
  const text = Buffer.from(plainText(event.observation.content));
  return { bytes: text.length, read: () => Readable.from([text]) };
}
