/** Opens a stored conversation, closing what a crash left open. */
import { closeOpenActions, interruption } from "@openhands/agent";
import type { ConversationId, ConversationSetup } from "@openhands/protocol";
import { SandboxKeeper } from "../sandboxes/sandbox-keeper.ts";
import { cutOffDrafts } from "./cut-off.ts";
import type { Dependencies } from "./dependencies.ts";
import { sandboxSpec } from "./sandbox-spec.ts";
import { shellStateKeeper } from "./shell-state.ts";
import { Session } from "./session.ts";

/** @throws AppError `not_found` */
export async function openConversation(deps: Dependencies, id: ConversationId): Promise<Session> {
  return await deps.sessions.get(id, async () => await openAndPutRight(deps, id));
}

/** The same for who only looks into it: then it may leave memory at once. @throws AppError `not_found` */
export async function lookIntoConversation(deps: Dependencies, id: ConversationId): Promise<Session> {
  return await deps.sessions.lookInto(id, async () => await openAndPutRight(deps, id));
}

async function openAndPutRight(deps: Dependencies, id: ConversationId): Promise<Session> {
  const session = await openSession(deps, id);
  await closeWhatACrashLeft(session);
  deps.catalogue.note(session, null);
  return session;
}

export async function openSession(deps: Dependencies, id: ConversationId): Promise<Session> {
  const log = await deps.store.open(id);
  if (log.report.healed !== null) {
    deps.logger.warn(
      { conversation: id, ...log.report.healed },
      "a torn tail was cut off events.json and set aside",
    );
  }
  const session = await Session.open({
    log,
    redactor: deps.redactor,
    defaultModel: () => deps.settings.effectiveModel().name,
    folder: deps.layout.conversationFolder(id),
    onChange: (changed, event) => {
      deps.sessions.used(id);
      deps.catalogue.note(changed, event);
    },
  });
  if (session.state.setup !== null) attachSandbox(deps, session, session.state.setup);
  return session;
}

export function attachSandbox(deps: Dependencies, session: Session, setup: ConversationSetup): void {
  const id = session.log.conversationId;
  session.attachSandbox(
    new SandboxKeeper({
      runtimes: deps.runtimes,
      admission: deps.admission,
      portLooks: deps.portLooks,
      runtime: setup.runtime,
      conversationId: id,
      state: deps.sessions.sandboxOf(id),
      spec: () => sandboxSpec(deps, id, setup),
      idleSuspendSeconds: () => deps.settings.sandboxLimits.idleSeconds,
      busy: () => session.run !== null,
      clock: deps.clock,
      shellState: shellStateKeeper(deps, id),
      redact: (text) => deps.redactor.text(text),
      undecidedEnd: (text) => deps.redactor.undecidedEnd(text),
      environment: async (command) => await deps.secrets.environment(id, command),
      noChangeSeconds: () => deps.settings.settings.terminal_no_change_seconds,
      onChange: () => session.announce(),
      isWatched: () => session.hub.size > 0,
      logger: deps.logger,
    }),
  );
}

/** Nothing that was open is run again by itself; a run that was going waits, paused. What waits for a person goes on to. */
async function closeWhatACrashLeft(session: Session): Promise<void> {
  const { state } = session;
  if (session.waiting) return;
  const drafts = closeOpenActions(state, interruption.restart);
  if (state.executionStatus !== "running" && drafts.length === 0) return;
  await session.append([...drafts, ...cutOffDrafts]);
}
