import { useMutation } from "@tanstack/react-query";
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { useStore } from "zustand";
import { Button } from "../../components/ui/button.tsx";
import type { ConversationSession } from "../conversation-session.ts";

/** How far above what is seen events are loaded already. */
const ahead = "600px 0px 0px 0px";

/**
 * Loads the page of events before the oldest one when the reader comes near it, and keeps what is being read where it
 * is. After a failure it waits to be asked.
 */
export function EarlierButton({ session }: { session: ConversationSession }) {
  const hasEarlier = useStore(session.store, (view) => view.hasEarlier);
  const first = useStore(session.store, (view) => view.events[0]?.seq);
  const place = useRef<HTMLDivElement>(null);
  const remember = useKeptScroll(place, first);
  const load = useMutation({ mutationFn: () => session.loadEarlier(remember) });
  useNear(place, { key: hasEarlier && !load.isError ? first : undefined, act: () => load.mutate() });
  if (!hasEarlier) return null;
  return (
    <div ref={place} className="flex flex-col items-center gap-1.5 font-sans">
      <Button size="small" disabled={load.isPending} onClick={() => load.mutate()}>
        {load.isPending ? "Loading" : "Load earlier"}
      </Button>
      {load.isError ? <p className="text-small text-bad">{load.error.message}</p> : null}
    </div>
  );
}

/** Once for each `key` that is defined: acts when the place comes near to what is seen. */
function useNear(
  place: RefObject<HTMLElement | null>,
  { key, act }: { key: number | undefined; act: () => void },
): void {
  const near = useEffectEvent(act);
  useEffect(() => {
    const element = place.current;
    if (!element || key === undefined) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        near();
      },
      { root: boxOf(element), rootMargin: ahead },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, key]);
}

const boxOf = (element: HTMLElement): HTMLElement | null => element.closest<HTMLElement>(".overflow-y-auto");

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
    const box = place.current && boxOf(place.current);
    if (box) kept.current = { box, height: box.scrollHeight, top: box.scrollTop };
  };
}
