import { useEffect } from "react";
import { type StickToBottomInstance, useStickToBottom } from "use-stick-to-bottom";

/**
 * Keeps a scrolled box at its end while the reader is there: when its content grows, and when the box itself shrinks
 * (the library watches the content alone).
 */
export function useStuckEnd(): StickToBottomInstance {
  const stick = useStickToBottom({ initial: "instant", resize: "instant" });
  const { scrollRef, scrollToBottom, state } = stick;
  useEffect(() => {
    const box = scrollRef.current;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      if (state.isAtBottom) void scrollToBottom("instant");
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [scrollRef, scrollToBottom, state]);
  return stick;
}
