import type { ReactNode } from "react";
import { useStore } from "zustand";
import { Centered } from "../../components/centered.tsx";
import { Button } from "../../components/ui/button.tsx";
import type { ConversationSession } from "../conversation-session.ts";
import { isStarting, sandboxWords } from "../status-words.ts";
import { useVerb } from "../use-verb.ts";

interface WithSandboxProps {
  readonly session: ConversationSession;
  /** what it is needed for, e.g. `Its files are kept.` */
  readonly what: string;
  readonly children: ReactNode;
}

/** Draws what needs a sandbox while there is one; else how far it is, or the way to wake it: looking wakes nothing. */
export function WithSandbox({ session, what, children }: WithSandboxProps) {
  const sandbox = useStore(session.store, (view) => view.info?.sandbox);
  const wake = useVerb(session.id, "resume");
  if (!sandbox) return null;
  if (sandbox.status === "ready") return children;
  if (isStarting(sandbox.status)) return <Centered title={sandboxWords(sandbox)} text={what} />;
  return (
    <Centered title={sandboxWords(sandbox)} text={sandbox.message ?? what}>
      <Button look="primary" data-testid="wake" disabled={wake.isPending} onClick={wake.go}>
        {sandbox.status === "suspended" ? "Wake it" : "Start it"}
      </Button>
      {wake.failure ? <p className="w-full text-small text-bad">{wake.failure}</p> : null}
    </Centered>
  );
}
