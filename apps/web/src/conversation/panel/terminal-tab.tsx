import { memo, useMemo } from "react";
import { useStore } from "zustand";
import { useStuckEnd } from "../../components/use-stuck-end.ts";
import { OutputText } from "../../components/output-text.tsx";
import type { ConversationSession } from "../conversation-session.ts";
import { LiveOutput } from "../live-output.tsx";
import { type TerminalBlock, terminalBlocks } from "./terminal-blocks.ts";

/** All commands of the agent and what they printed, in order, as they would stand in one terminal. */
export function TerminalTab({ session }: { session: ConversationSession }) {
  const events = useStore(session.store, (view) => view.events);
  const blocks = useMemo(() => terminalBlocks(events), [events]);
  const { scrollRef, contentRef } = useStuckEnd();
  return (
    <div
      ref={scrollRef}
      data-testid="terminal-panel"
      className="h-full overflow-y-auto bg-term font-mono text-code"
    >
      <div ref={contentRef} className="flex flex-col gap-2 px-3.5 py-3">
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
  function Block({ block, name }: { block: TerminalBlock; name: string }) {
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
        {block.running ? <LiveOutput actionId={block.key} /> : null}
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
    before.block.running === after.block.running &&
    before.block.exitCode === after.block.exitCode &&
    before.block.workingDir === after.block.workingDir,
);

function Ending({ block }: { block: TerminalBlock }) {
  if (block.running)
    return (
      <span aria-label="running" className="inline-block h-[1.1em] w-[7px] bg-accent align-text-bottom" />
    );
  if (block.exitCode === null || block.exitCode === 0) return null;
  return <p className="text-bad">exit {block.exitCode}</p>;
}
