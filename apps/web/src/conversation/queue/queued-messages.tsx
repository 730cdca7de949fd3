import { plainText, type QueuedMessage } from "@openhands/protocol";
import { useMutation } from "@tanstack/react-query";
import { Clock3, Image, Pencil, X } from "lucide-react";
import { useStore } from "zustand";
import { Button } from "../../components/ui/button.tsx";
import { DeliverButton } from "../composer/deliver-button.tsx";
import { joined } from "../composer/draft.ts";
import type { ConversationSession } from "../conversation-session.ts";

/** Over the composer: what waits for the end of the turn, in the order in which it will be told. */
export function QueuedMessages({ session }: { session: ConversationSession }) {
  const queue = useStore(session.store, (view) => view.folded.queue);
  if (queue.length === 0) return null;
  return (
    <ol
      aria-label="Queued messages"
      data-testid="queue"
      className="mb-2 max-h-[28vh] overflow-y-auto rounded-card border border-line bg-panel"
    >
      {queue.map((message) => (
        <QueuedRow key={message.n} session={session} message={message} />
      ))}
    </ol>
  );
}

type Wish = "edit" | "remove" | "send";

const rowButtons = [
  { wish: "edit", label: "Edit this message", Icon: Pencil },
  { wish: "remove", label: "Remove this message", Icon: X },
] as const;

function QueuedRow({ session, message }: { session: ConversationSession; message: QueuedMessage }) {
  const act = useMutation({
    mutationFn: async (wish: Wish) => {
      const draft = await session.takeFromQueue(message);
      if (wish === "edit") session.draft.setState((before) => joined(draft, before));
      if (wish !== "send") return;
      await session.send(draft, "interrupt").catch((error: unknown) => {
        session.draft.setState((before) => joined(draft, before));
        throw error;
      });
    },
  });
  const text = plainText(message.content);
  const hasImages = message.content.some((part) => part.type === "image");
  return (
    <li className="border-line px-3 py-1.5 text-row not-first:border-t" data-testid="queued-message">
      <div className="flex items-center gap-2">
        <Clock3 aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="min-w-0 flex-1 truncate text-mute" title={text}>
          {text}
          {hasImages ? <Image aria-label="with images" className="ml-1 inline size-3.5 text-faint" /> : null}
        </span>
        <DeliverButton
          delivery="interrupt"
          size="small"
          disabled={act.isPending}
          onClick={() => act.mutate("send")}
        />
        {rowButtons.map(({ wish, label, Icon }) => (
          <Button
            key={wish}
            size="icon"
            look="ghost"
            aria-label={label}
            disabled={act.isPending}
            onClick={() => act.mutate(wish)}
          >
            <Icon aria-hidden className="size-3.5" />
          </Button>
        ))}
      </div>
      {act.isError ? <p className="text-small text-bad">{act.error.message}</p> : null}
    </li>
  );
}
