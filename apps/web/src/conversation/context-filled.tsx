import { useStore } from "zustand";
import { useModelFacts } from "../app/model-queries.ts";
import { classNames } from "../components/class-names.ts";
import { tokenWords } from "../format/tokens.ts";
import type { ConversationSession } from "./conversation-session.ts";

/** Percent from which little room is left. */
const nearlyFull = 80;

/** How much of what the model can read at once the conversation takes; without that number, the tokens alone. */
export function ContextFilled({ session }: { session: ConversationSession }) {
  const tokens = useStore(session.store, (view) => view.contextTokens);
  const model = useStore(session.store, (view) => view.info?.llm_model);
  const facts = useModelFacts(tokens === null ? undefined : model);
  if (tokens === null || facts.isPending) return null;
  const window = facts.data?.facts.context_window ?? null;
  if (window === null) {
    return (
      <span
        data-testid="context"
        className="tabular-nums"
        title={`The conversation has ${tokens.toLocaleString("en")} tokens. How many this model can read is not known.`}
      >
        {tokenWords(tokens)} tokens
      </span>
    );
  }
  const percent = Math.min(100, Math.round((tokens / window) * 100));
  return (
    <span
      data-testid="context"
      className={classNames("flex items-center gap-1.5 tabular-nums", percent >= nearlyFull && "text-warn")}
      title={`${tokens.toLocaleString("en")} of the ${window.toLocaleString("en")} tokens that the model can read at once. Before they are full, it is told a summary of the oldest part.`}
    >
      <span
        aria-hidden
        className="size-3.5 rounded-full"
        style={{ background: `conic-gradient(currentColor ${percent}%, var(--line) 0)` }}
      />
      {percent} %
    </span>
  );
}
