import type { ModelFacts, ProbeCheck } from "@openhands/protocol";
import { type Asking, type ModelServer, ollamaWindow } from "./model-server.ts";

/** Fewer do not hold the agent's instructions, a few files and the output of a few commands. */
const fewTokens = 16_000;

interface WindowQuestion {
  readonly asking: Asking;
  readonly server: ModelServer | null;
  readonly modelId: string;
  readonly facts: ModelFacts;
}

/** How much the model reads where it runs: the server's own word before the catalogue's. */
export async function windowCheck(
  question: WindowQuestion,
): Promise<{ check: ProbeCheck; tokens: number | null }> {
  const { asking, server, modelId, facts } = question;
  if (server?.prefix === "ollama") {
    const window = await ollamaWindow(asking, modelId);
    if (window?.set != null) return told(window.set, "as num_ctx is set for it in Ollama");
    const most = window?.trained == null ? "" : `, though the model could read ${window.trained}`;
    const words = `Ollama does not say how much it lets the model read${most}, and silently cuts off the rest: set num_ctx for it, or OLLAMA_CONTEXT_LENGTH for the server.`;
    return { check: { name: "window", result: "unknown", words }, tokens: null };
  }
  const served = server?.models.find(({ id }) => id === modelId)?.window ?? null;
  if (served !== null) return told(served, "as the server says");
  if (facts.context_window !== null) return told(facts.context_window, "by the catalogue or the settings");
  const words = "How much it reads is not known. Put context_window for it into llm_models in Settings.";
  return { check: { name: "window", result: "unknown", words }, tokens: null };
}

function told(tokens: number, source: string): { check: ProbeCheck; tokens: number } {
  const reads = `It reads ${tokens} tokens, ${source}`;
  const check: ProbeCheck =
    tokens < fewTokens
      ? { name: "window", result: "bad", words: `${reads}. That is little for this work: give it more.` }
      : { name: "window", result: "good", words: `${reads}.` };
  return { check, tokens };
}
