import { useDeferredValue } from "react";
import { useStore } from "zustand";
import { Markdown } from "../../components/markdown.tsx";
import type { ConversationSession } from "../conversation-session.ts";
import { markdownBlocks } from "./markdown-blocks.ts";
import { ReasoningLine } from "./reasoning-line.tsx";

/** The answer as it is being written. Takes part in no other drawing, so a word costs only itself. */
export function StreamingText({ session }: { session: ConversationSession }) {
  const { content, reasoning } = useStore(session.store, (view) => view.streaming);
  const deferred = useDeferredValue(content);
  // Its end is not deferred: the stored answer stands there in the same moment, and would be seen twice.
  const text = content === "" ? "" : deferred;
  return (
    <>
      {reasoning.trim() === "" ? null : <ReasoningLine text={reasoning} live={content === ""} />}
      {text.trim() === "" ? null : (
        <div className="flex flex-col gap-2">
          {markdownBlocks(text).map((block, index) => (
            // the place of a block is what it is: it only ever grows
            <Markdown key={index} text={block} />
          ))}
        </div>
      )}
    </>
  );
}
