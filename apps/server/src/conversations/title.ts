import { generateTitle } from "@openhands/agent";
import { isScripted } from "@openhands/models";
import { countCall, type EventDraft, isKnown, plainText } from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import type { Session } from "./session.ts";

/**
 * Gives a conversation that asked for one a title of the model's making, once, after its first run. A model that can't
 * is no failure of the conversation: the first words of its message stay its title.
 */
export async function titleConversation(deps: Dependencies, session: Session): Promise<void> {
  const { setup, titleGiven, stats } = session.state;
  if (setup?.autotitle !== true || titleGiven || stats.usage_to_metrics["title"] !== undefined) return;
  const [first] = await session.log.page({
    kind: "MessageEvent",
    source: "user",
    limit: 1,
    order: "ascending",
  });
  if (first === undefined || !isKnown(first) || first.kind !== "MessageEvent") return;
  const id = session.log.conversationId;
  const model = deps.settings.modelFor(id, setup);
  if (isScripted(model.name)) return;
  try {
    const { title, calls } = await generateTitle(
      model,
      plainText(first.llm_message.content),
      session.closing,
    );
    // the sums of a run that has begun meanwhile are its own until it ends
    while (session.run !== null) await session.run.done;
    const drafts: EventDraft[] = [update("stats", calls.reduce(countCall, session.state.stats))];
    if (title !== null && !session.state.titleGiven) drafts.push(update("title", title));
    await session.append(drafts);
  } catch (error) {
    deps.logger.info({ err: error, conversation: id }, "no title was made");
  }
}

function update(key: string, value: unknown): EventDraft {
  return { kind: "ConversationStateUpdateEvent", source: "environment", key, value };
}
