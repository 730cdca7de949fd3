/** What is done about a model call that brought no answer to go on with. Each way is bounded by what the log counts. */
import { ModelError } from "@openhands/models";
import { type EventDraft, text } from "@openhands/protocol";
import { type Ladder, makeRoom } from "./condensers/ladder.ts";

/** Useless answers in a row after which the run ends; the tries of the model layer come before each. */
const mostFaults = 2;
/** Refusals in a row: room is halved each time. */
const mostRefusals = 5;

/** Resolves when another request may do better. @throws ModelError when none will */
export async function recover(error: unknown, ladder: Ladder): Promise<void> {
  if (!(error instanceof ModelError)) throw error;
  const { recent } = ladder.context;
  if (error.kind === "context_overflow") {
    await ladder.append([{ kind: "CondensationRequest", source: "environment" }]);
    const { condensed } = recent.refusals <= mostRefusals ? await makeRoom(ladder) : { condensed: false };
    if (!condensed) throw tooLong(error, ladder);
    return;
  }
  const sentence = toldToTheModel[error.kind];
  if (sentence === undefined || recent.faults >= mostFaults) throw error;
  await ladder.append([answerNudge(sentence)]);
}

const toldToTheModel: Partial<Record<ModelError["kind"], string>> = {
  empty:
    "Your last answer was empty. Call a tool to go on, or say in words what you did and what is left open.",
  malformed:
    "Your last answer could not be read. Send it again: in words, or with one call of a tool and arguments that are valid JSON.",
};

/** null: it was told often enough, and the run ends */
export function cutOffNudge({ context }: Pick<Ladder, "context">): EventDraft | null {
  if (context.recent.faults >= mostFaults) return null;
  return answerNudge(
    "Your answer was cut off at the most that you may write at once. Go on where it ended, in smaller parts: write long files piece by piece.",
  );
}

function answerNudge(sentence: string): EventDraft {
  return {
    kind: "MessageEvent",
    source: "environment",
    llm_message: { role: "user", content: [text(sentence)] },
    about: "answer",
  };
}

function tooLong(cause: ModelError, { context, model }: Ladder): ModelError {
  const { size, measure } = context;
  const tokens = Math.round((size * measure.tokensPerCharacter) / 100) * 100;
  const message = `What must be told to "${model.name}" is longer than it can read (about ${tokens} tokens), also after everything that can be left out was. Choose a model with a larger window in Settings, or put long texts into files and name them.`;
  return new ModelError("context_overflow", message, { cause });
}
