/** What a person says to actions that wait for them, and when they are asked at all. */
import { agentNamed, grantsFor } from "@openhands/agent";
import {
  AppError,
  type Confirmation,
  type ConfirmationPolicy,
  type ConfirmationResponse,
  type EventDraft,
  neverConfirm,
} from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import { noReason, rejections } from "./rejections.ts";
import { endOfEnding, startApproved, startRun } from "./run.ts";
import type { Session } from "./session.ts";
import { statusDraft } from "./status-draft.ts";

/**
 * A yes runs the waiting actions. A no answers each of them: with a reason the agent goes on from it, without one it
 * waits for a message.
 * @throws AppError `wrong_state` when nothing waits, or others than are meant: somebody else has answered those
 */
export async function respondToConfirmation(
  deps: Dependencies,
  session: Session,
  response: ConfirmationResponse,
): Promise<void> {
  await session.inOrder(async () => await respond(deps, session, response));
}

async function respond(deps: Dependencies, session: Session, response: ConfirmationResponse): Promise<void> {
  await endOfEnding(session);
  if (!session.waiting)
    throw new AppError("wrong_state", "Nothing waits for an approval in this conversation.");
  const meant = response.action_ids ?? null;
  if (meant !== null && !isAllThatWaits(meant, session))
    throw new AppError(
      "wrong_state",
      "These actions were answered already, and others wait now: look at them before you answer.",
    );
  if (response.accept) return await accept(deps, session, response.scope ?? "once");
  const reason = response.reason?.trim() ?? "";
  const rejected = rejections(session, reason === "" ? noReason : reason);
  await session.append([...rejected, statusDraft("idle")]);
  if (reason !== "") await startRun(deps, session);
}

function isAllThatWaits(ids: readonly string[], { state }: Session): boolean {
  const meant = new Set(ids);
  return (
    meant.size === state.openActions.size && [...state.openActions.values()].every(({ id }) => meant.has(id))
  );
}

async function accept(deps: Dependencies, session: Session, scope: Confirmation["scope"]): Promise<void> {
  const { setup, openActions } = session.state;
  const actions = [...openActions.values()];
  const policy = setup?.confirmation_policy ?? neverConfirm;
  const grants = scope === "once" ? [] : grantsFor(actions, agentNamed(setup?.agent).tools, policy);
  if (scope === "always") await deps.settings.grant(grants);
  const value: Confirmation = {
    tool_call_ids: actions.map((action) => action.tool_call_id),
    scope,
    grants: scope === "conversation" ? grants : [],
  };
  await startApproved(deps, session, update("confirmation", value));
}

/** From the next action on; what waits already goes on waiting. */
export async function setConfirmationPolicy(session: Session, policy: ConfirmationPolicy): Promise<void> {
  await session.append([update("confirmation_policy", policy)]);
}

export async function setSecurityAnalyzer(session: Session, analyzer: string | null): Promise<void> {
  await session.append([update("security_analyzer", analyzer)]);
}

function update(key: string, value: unknown): EventDraft {
  return { kind: "ConversationStateUpdateEvent", source: "user", key, value };
}
