import { type ConfirmationPolicy, type ConfirmationResponse, Success } from "@openhands/protocol";
import type { Connection } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

export function confirmationCalls({ request }: Connection) {
  const post = (path: string, body: object) => request(path, Success, { method: "POST", body });
  return {
    /** Answers the actions that wait. `wrong_state` when none does. */
    respond: (id: string, response: ConfirmationResponse) =>
      post(`${conversationPath(id)}/events/respond_to_confirmation`, response),
    setPolicy: (id: string, policy: ConfirmationPolicy) =>
      post(`${conversationPath(id)}/confirmation_policy`, { policy }),
    setAnalyzer: (id: string, analyzer: string | null) =>
      post(`${conversationPath(id)}/security_analyzer`, {
        security_analyzer: analyzer === null ? null : { kind: analyzer },
      }),
  };
}
