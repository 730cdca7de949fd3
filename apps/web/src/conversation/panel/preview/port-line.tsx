import { ExternalLink, X } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { StatusDot } from "../../../components/status-dot.tsx";
import { Button } from "../../../components/ui/button.tsx";
import type { ConversationSession } from "../../conversation-session.ts";
import { useOpenPort } from "./use-open-port.ts";

const none: readonly number[] = [];

/** Over the composer: a server has come up in the sandbox. Stays until it is opened or waved away. */
export function PortLine({ session }: { session: ConversationSession }) {
  const ports = useStore(session.store, (view) => view.info?.sandbox.ports ?? none);
  const [seen, setSeen] = useState(none);
  const open = useOpenPort(session.id);
  const fresh = ports.filter((port) => !seen.includes(port));
  const port = fresh.at(-1);
  if (port === undefined) return null;
  const more = fresh.length > 1 ? `, and ${fresh.length - 1} more` : "";
  return (
    <div
      role="status"
      data-testid="port-line"
      className="arrive flex flex-wrap items-center gap-2.5 px-1 pb-2 text-small text-mute"
    >
      <StatusDot tone="good" />
      <span className="min-w-0 flex-1">
        A server listens on port <span className="font-mono text-ink">{port}</span>
        {more}.
      </span>
      <Button
        size="small"
        disabled={open.isPending}
        onClick={() => open.mutate(port, { onSuccess: () => setSeen(ports) })}
      >
        Open <ExternalLink aria-hidden className="size-3.5" />
      </Button>
      <Button look="ghost" size="icon" aria-label="Hide this" onClick={() => setSeen(ports)}>
        <X aria-hidden className="size-3.5" />
      </Button>
      {open.isError ? <p className="w-full text-bad">{open.error.message}</p> : null}
    </div>
  );
}
