import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { Button } from "../components/ui/button.tsx";
import { StatusDot } from "../components/status-dot.tsx";
import type { ConversationSession } from "./conversation-session.ts";

/** Milliseconds for which a connection may be gone without a word: a restart is shorter. */
const unnoticed = 1_000;

/** True once `condition` has held for a while. */
function useLasting(condition: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!condition) return;
    const timer = setTimeout(() => setLasting(true), unnoticed);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [condition]);
  return lasting;
}

/** Over the composer while the server cannot be heard. Nothing is lost meanwhile: it goes on where it was. */
export function ConnectionLine({ session }: { session: ConversationSession }) {
  const lost = useStore(session.store, (view) => view.connection === "waiting");
  if (!useLasting(lost)) return null;
  return (
    <div role="status" className="arrive flex items-center gap-2.5 px-1 pb-2 text-small text-mute">
      <StatusDot tone="wait" />
      <span className="flex-1">The connection to the server is lost. It is tried again by itself.</span>
      <Button size="small" onClick={() => session.open()}>
        Try now
      </Button>
    </div>
  );
}
