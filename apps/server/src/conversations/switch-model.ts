import { ModelError } from "@openhands/models";
import { AppError, type EventDraft, type SwitchModelRequest } from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import type { Session } from "./session.ts";

/**
 * The conversation goes on with another model: from the next request on, and at once where a try of the old one is
 * waited for. The conversation's own key is kept only where the new model is asked at the same address.
 * @throws AppError `invalid` for a name that fits no provider, `disk_full`
 */
export async function switchModel(
  deps: Dependencies,
  session: Session,
  { llm }: SwitchModelRequest,
): Promise<void> {
  const baseUrl = llm.base_url || null;
  const endpoint = endpointOf(deps, { llm_model: llm.model, llm_base_url: baseUrl });
  const id = session.log.conversationId;
  const key = llm.api_key?.trim() ?? "";
  if (key !== "") await deps.secrets.putModelKey(id, key);
  // A key that came for another address must not travel to this one.
  else if (endpoint !== endpointOf(deps, session.setup)) await deps.secrets.removeModelKey(id);
  await session.append([changed("llm_model", llm.model), changed("llm_base_url", baseUrl)]);
  session.run?.model?.change();
  session.announce();
}

function endpointOf(deps: Dependencies, setup: Parameters<typeof deps.settings.endpointOf>[0]): string {
  try {
    return deps.settings.endpointOf(setup);
  } catch (error) {
    if (error instanceof ModelError) throw new AppError("invalid", error.message, { cause: error });
    throw error;
  }
}

const changed = (key: string, value: string | null): EventDraft => ({
  kind: "ConversationStateUpdateEvent",
  source: "user",
  key,
  value,
});
