import type { RuntimeKind } from "@openhands/protocol";
import { ShieldOff } from "lucide-react";

/** Says so, in red, where commands run on the person's own machine. */
export function IsolationWarning({ runtime }: { runtime: RuntimeKind | null | undefined }) {
  if (runtime !== "local") return null;
  return (
    <p
      role="alert"
      data-testid="isolation-warning"
      className="flex shrink-0 items-center gap-2 border-b border-line bg-del px-4 py-1.5 text-small text-delt"
    >
      <ShieldOff aria-hidden className="size-3.5 shrink-0" />
      <span>
        <strong className="font-semibold">No isolation.</strong> Commands run on this machine, as the user who
        started the server.
      </span>
    </p>
  );
}
