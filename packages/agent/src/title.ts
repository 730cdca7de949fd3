import { ledgerRow, type Model, ModelError, type ModelRequest } from "@openhands/models";
import type { ModelCall } from "@openhands/protocol";

const instructions =
  "You name conversations. Answer with a title for the one that begins with the message below: at most six words, in its language, no quotes, no full stop.";
/** Characters of the message that the model is given: the subject stands in its first lines. */
const longestMessage = 2000;
const longestTitle = 80;
const seconds = 30;

export interface GeneratedTitle {
  /** null: the model gave none that can be shown */
  readonly title: string | null;
  /** what was asked for it: tries whose answer was no use, then the one that was, if any */
  readonly calls: readonly ModelCall[];
}

/** Asks `model` for a title. @throws ModelError, or an error after 30 seconds, where nothing was charged; the signal's reason */
export async function generateTitle(
  model: Model,
  message: string,
  signal: AbortSignal,
): Promise<GeneratedTitle> {
  const calls: ModelCall[] = [];
  const late = AbortSignal.timeout(seconds * 1000);
  const text = message.slice(0, longestMessage).toWellFormed();
  const prompt: ModelRequest["prompt"] = [
    { role: "system", content: instructions },
    { role: "user", content: [{ type: "text", text }] },
  ];
  try {
    const answer = await model.ask(
      { prompt, tools: [] },
      {
        signal: AbortSignal.any([signal, late]),
        onDelta: () => undefined,
        onRetry: () => undefined,
        onUseless: (spent) => void calls.push(ledgerRow("title", model.name, spent)),
      },
    );
    calls.push(ledgerRow("title", model.name, answer));
    return { title: shown(answer.text), calls };
  } catch (error) {
    if (calls.length === 0 || (!(error instanceof ModelError) && !late.aborted)) throw error;
    return { title: null, calls };
  }
}

function shown(text: string): string | null {
  const line = text
    .trim()
    .split("\n", 1)[0]
    ?.replace(/^["'“”*#\s]+|["'“”*.\s]+$/g, "");
  return line === undefined || line === "" || line.length > longestTitle ? null : line;
}
