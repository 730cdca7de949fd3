import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useStore } from "zustand";
import { IsolationWarning } from "../app/isolation-warning.tsx";
import { PageHeader } from "../app/page-header.tsx";
import { useServices } from "../app/services.ts";
import { Centered } from "../components/centered.tsx";
import { Button } from "../components/ui/button.tsx";
import { ConversationIdContext } from "./conversation-id.ts";
import { ConversationHeader } from "./conversation-header.tsx";
import type { ConversationSession } from "./conversation-session.ts";
import { Desk } from "./desk.tsx";
import { Feed } from "./feed/feed.tsx";
import { SidePanel } from "./panel/side-panel.tsx";

/** One conversation: what was said and done, where to write, and the side panel. */
export function ConversationPage({ id }: { id: string }) {
  const { sessions, layout } = useServices();
  const session = sessions.get(id);
  const panelOpen = useStore(layout, (state) => state.panelOpen);
  const failure = useStore(session.store, (view) => view.failure);
  useEffect(() => {
    session.open();
    return () => session.close();
  }, [session]);
  if (failure) return <LoadFailure session={session} code={failure.code} detail={failure.detail} />;
  return (
    <ConversationIdContext value={session.id}>
      <main className="@container flex min-w-0 flex-1 flex-col">
        <ConversationHeader session={session} />
        <Isolation session={session} />
        <Loaded session={session} />
        <Desk session={session} />
      </main>
      {panelOpen ? <SidePanel session={session} /> : null}
    </ConversationIdContext>
  );
}

/** Drawn once the first page is there, so that the view starts at its end. */
function Loaded({ session }: { session: ConversationSession }) {
  const loading = useStore(session.store, (view) => view.connection === "loading");
  return loading ? <Centered title="Loading the conversation" /> : <Feed session={session} />;
}

function Isolation({ session }: { session: ConversationSession }) {
  return <IsolationWarning runtime={useStore(session.store, (view) => view.info?.sandbox.runtime)} />;
}

interface LoadFailureProps {
  readonly session: ConversationSession;
  readonly code: string;
  readonly detail: string;
}

function LoadFailure({ session, code, detail }: LoadFailureProps) {
  const unknown = code === "not_found" || code === "invalid";
  return (
    <main className="flex min-w-0 flex-1 flex-col" data-testid="error-banner" data-code={code}>
      <PageHeader>
        <span className="text-row text-mute">Conversation</span>
      </PageHeader>
      <Centered
        title={unknown ? "This conversation does not exist" : "The conversation could not be loaded"}
        text={unknown ? "It may have been deleted." : detail}
      >
        {unknown ? null : (
          <Button look="primary" onClick={() => session.open()}>
            Try again
          </Button>
        )}
        <Button asChild look={unknown ? "primary" : "plain"}>
          <Link to="/">Start a new one</Link>
        </Button>
      </Centered>
    </main>
  );
}
