import { useStore } from "zustand";
import { useServices } from "../app/services.ts";
import { OutputText } from "../components/output-text.tsx";
import { useConversationId } from "./conversation-id.ts";

interface LiveOutputProps {
  readonly actionId: string;
  /** drawn round the text, where there is any */
  readonly className?: string;
}

/** What the tool of this action has printed so far, while it runs. Takes part in no other drawing. */
export function LiveOutput({ actionId, className }: LiveOutputProps) {
  const { sessions } = useServices();
  const { store } = sessions.get(useConversationId());
  const text = useStore(store, ({ liveOutput }) =>
    liveOutput?.actionId === actionId ? liveOutput.text : "",
  );
  if (text.trim() === "") return null;
  return (
    <div className={className} data-testid="live-output">
      <OutputText text={text.replace(/\s+$/, "")} />
    </div>
  );
}
