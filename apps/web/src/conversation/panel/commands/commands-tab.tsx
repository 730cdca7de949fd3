import { memo, useMemo } from "react";
import { useStore } from "zustand";
import { useServices } from "../../../app/services.ts";
import { classNames } from "../../../components/class-names.ts";
import { OutputText } from "../../../components/output-text.tsx";
import { useConversationId } from "../../conversation-id.ts";
import type { ConversationSession } from "../../conversation-session.ts";
import { EarlierButton } from "../../feed/earlier-button.tsx";
import { LiveOutput } from "../../live-output.tsx";
import { openStep } from "../../open-step.ts";
import { useEventsEnd } from "../../use-events-end.ts";
import { type CommandBlock, commandBlocks } from "./command-blocks.ts";

/** All commands of the agent and what they printed, in order, as they would stand in one terminal. */
export function CommandsTab({ session }: { session: ConversationSession }) {
  const events = useStore(session.store, (view) => view.events);
  const blocks = useMemo(() => commandBlocks(events), [events]);
  const { scrollRef, contentRef } = useEventsEnd(session);
  return (
    <div
      ref={scrollRef}
      data-testid="commands-panel"
      className="h-full overflow-y-auto bg-term font-mono text-code"
    >
      <div ref={contentRef} className="flex flex-col gap-2 px-3.5 py-3">
        <EarlierButton session={session} />
        {blocks.length === 0 ? (
          <p className="font-sans text-small text-faint">
            What the agent runs in its shell stands here, with everything it prints.
          </p>
        ) : null}
        {blocks.map((block) => (
          <Block key={block.key} block={block} name={session.id.slice(0, 4)} />
        ))}
      </div>
    </div>
  );
}

const Block = memo(
  function Block({ block, name }: { block: CommandBlock; name: string }) {
    return (
      <div>
        <p className="whitespace-pre-wrap text-ink wrap-anywhere">
          {block.isInput ? (
            <span className="text-faint">› </span>
          ) : (
            <>
              <span className="text-ok">openhands@{name}</span>
              <span className="text-mute">:{block.workingDir ?? "/workspace"}$ </span>
            </>
          )}
          {block.command}
        </p>
        {block.open ? <LiveOutput actionId={block.key} /> : null}
        {block.output.trim() === "" ? null : (
          <OutputText text={block.output.replace(/\s+$/, "")} headLines={100} tailLines={300} />
        )}
        <Ending block={block} />
      </div>
    );
  },
  (before, after) =>
    before.name === after.name &&
    before.block.output === after.block.output &&
    before.block.open === after.block.open &&
    before.block.exitCode === after.block.exitCode &&
    before.block.workingDir === after.block.workingDir,
);

function Ending({ block }: { block: CommandBlock }) {
  if (block.open) return <OpenEnding actionId={block.key} />;
  if (block.exitCode === null || block.exitCode === 0) return null;
  return <p className="text-bad">exit {block.exitCode}</p>;
}

/** A cursor where the command runs; else words for why it does not. */
function OpenEnding({ actionId }: { actionId: string }) {
  const { sessions } = useServices();
  const { store } = sessions.get(useConversationId());
  const state = useStore(store, (view) => openStep(view, actionId));
  if (state === "runs")
    return (
      <span
        role="img"
        aria-label="running"
        className="inline-block h-[1.1em] w-[7px] bg-accent align-text-bottom"
      />
    );
  return (
    <p data-testid="command-waits" className={classNames("font-sans text-small", looks[state])}>
      {waitSentences[state]}
    </p>
  );
}

const waitSentences = {
  asks: "Not run yet: it waits for your yes.",
  sandbox: "Not run yet: it waits for the sandbox.",
  next: "Not run yet: it comes after the one above.",
  rests: "Not run: the agent has stopped before it.",
} as const;
const looks = { asks: "text-warn", sandbox: "text-faint", next: "text-faint", rests: "text-faint" } as const;
