import { useMutation } from "@tanstack/react-query";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { useStore } from "zustand";
import { Button } from "../../components/ui/button.tsx";
import type { ConversationSession } from "../conversation-session.ts";

/** Loads the page of events before the oldest one, and keeps what is being read where it is. */
export function EarlierButton({ session }: { session: ConversationSession }) {
  const hasEarlier = useStore(session.store, (view) => view.hasEarlier);
  const first = useStore(session.store, (view) => view.events[0]?.seq);
  const place = useRef<HTMLDivElement>(null);
  const load = useMutation({ mutationFn: () => session.loadEarlier() });
  const remember = useKeptScroll(place, first);
  if (!hasEarlier) return null;
  const start = (): void => {
    remember();
    load.mutate();
  };
  return (
    <div ref={place} className="flex flex-col items-center gap-1.5">
      <Button size="small" disabled={load.isPending} onClick={start}>
        {load.isPending ? "Loading" : "Load earlier"}
      </Button>
      {load.isError ? <p className="text-small text-bad">{load.error.message}</p> : null}
    </div>
  );
}

/** Once `first` has changed, scrolls on by what was put in above since the returned function was called. */
function useKeptScroll(place: RefObject<HTMLElement | null>, first: number | undefined): () => void {
  const kept = useRef<{ box: HTMLElement; height: number; top: number } | null>(null);
  useLayoutEffect(() => {
    if (!kept.current) return;
    const { box, height, top } = kept.current;
    kept.current = null;
    box.scrollTop = top + box.scrollHeight - height;
  }, [first]);
  return () => {
    const box = place.current?.closest<HTMLElement>(".overflow-y-auto");
    if (box) kept.current = { box, height: box.scrollHeight, top: box.scrollTop };
  };
}
