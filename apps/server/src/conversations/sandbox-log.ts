import { plainText, type StoredEvent, TerminalAction, TerminalObservation } from "@openhands/protocol";

/** What `docker logs` shows of an event: each command with its output, redacted as stored; null: nothing. */
export function sandboxLogLine(event: StoredEvent): string | null {
  if (event.kind === "ActionEvent") {
    const action = TerminalAction.safeParse(event["action"]);
    return action.success ? `$ ${action.data.command}` : null;
  }
  if (event.kind !== "ObservationEvent") return null;
  const observation = TerminalObservation.safeParse(event["observation"]);
  return observation.success ? plainText(observation.data.content) : null;
}
