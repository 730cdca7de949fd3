import { ExternalLink } from "lucide-react";
import { useStore } from "zustand";
import { Centered } from "../../../components/centered.tsx";
import { Button } from "../../../components/ui/button.tsx";
import type { ConversationSession } from "../../conversation-session.ts";
import { useOpenPort } from "./use-open-port.ts";

const none: readonly number[] = [];

/** The servers that run in the sandbox, each with the way to see it. */
export function PreviewTab({ session }: { session: ConversationSession }) {
  const ports = useStore(session.store, (view) => view.info?.sandbox.ports ?? none);
  if (ports.length === 0)
    return (
      <Centered
        title="No server runs"
        text="When something in the sandbox listens on a port, for example a development server, it is opened from here."
      />
    );
  return (
    <ul className="h-full overflow-y-auto" data-testid="preview-panel">
      {ports.map((port) => (
        <PortRow key={port} id={session.id} port={port} />
      ))}
    </ul>
  );
}

function PortRow({ id, port }: { id: string; port: number }) {
  const open = useOpenPort(id);
  return (
    <li className="border-b border-line px-3.5 py-2.5">
      <div className="flex items-center gap-2.5">
        <span className="font-mono text-code text-ink">{port}</span>
        <span className="flex-1 text-small text-mute">listens in the sandbox</span>
        <Button
          size="small"
          data-testid="open-port"
          disabled={open.isPending}
          onClick={() => open.mutate(port)}
        >
          Open <ExternalLink aria-hidden className="size-3.5" />
        </Button>
      </div>
      {open.isError ? (
        <p role="alert" className="pt-1.5 text-small text-bad">
          {open.error.message}
        </p>
      ) : null}
    </li>
  );
}
