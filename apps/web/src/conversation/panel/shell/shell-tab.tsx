import "@xterm/xterm/css/xterm.css";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useServices } from "../../../app/services.ts";
import { Button } from "../../../components/ui/button.tsx";
import type { ConversationSession } from "../../conversation-session.ts";
import { WithSandbox } from "../with-sandbox.tsx";
import { openPersonShell, type PersonShell, type ShellMemory, type ShellState } from "./person-shell.ts";

/** A shell in the sandbox for the person, beside the agent's. */
export function ShellTab({ session }: { session: ConversationSession }) {
  return (
    <WithSandbox session={session} what="A shell of your own, beside the agent’s, in the same sandbox.">
      <ShellView id={session.id} />
    </WithSandbox>
  );
}

function ShellView({ id }: { id: string }) {
  const place = useRef<HTMLDivElement>(null);
  const shell = useShell(id, place);
  return (
    <div className="flex h-full flex-col bg-term" data-testid="shell-panel">
      {shell ? <ShellLine shell={shell} /> : null}
      <div className="min-h-0 flex-1 py-2 pl-3">
        <div
          ref={place}
          className="h-full overflow-hidden bg-term font-mono text-code text-ink caret-accent"
        />
      </div>
    </div>
  );
}

function useShell(id: string, place: RefObject<HTMLDivElement | null>): PersonShell | null {
  const { client, remembered, theme } = useServices();
  const [shell, setShell] = useState<PersonShell | null>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const opened = openPersonShell({ client, conversationId: id, element, memory: memoryOf(id, remembered) });
    setShell(opened);
    const refresh = (): void => opened.refresh();
    const size = new ResizeObserver(refresh);
    size.observe(element);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", refresh);
    const stop = theme.subscribe(refresh);
    return () => {
      size.disconnect();
      dark.removeEventListener("change", refresh);
      stop();
      opened.dispose();
      setShell(null);
    };
  }, [id, place, client, remembered, theme]);
  return shell;
}

/** Only the last shell is remembered, so that a page that is loaded again finds it. */
function memoryOf(id: string, remembered: ReturnType<typeof useServices>["remembered"]): ShellMemory {
  return {
    read: () => {
      const [conversation, session] = (remembered.read("shell") ?? "").split(" ");
      return conversation === id ? session : undefined;
    },
    write: (session) => remembered.write("shell", `${id} ${session}`),
  };
}

const words: Readonly<Record<ShellState["name"], string>> = {
  connecting: "Opening a shell",
  open: "",
  lost: "The connection is lost. It is tried again by itself.",
  ended: "The shell has ended.",
  failed: "",
};

/** Over the terminal while it is not connected: why, and what to do. */
function ShellLine({ shell }: { shell: PersonShell }) {
  const state = useStore(shell.state);
  if (state.name === "open") return null;
  return (
    <div
      role="status"
      data-testid="shell-line"
      className="flex items-center gap-2 border-b border-line bg-panel px-3.5 py-1.5 text-small text-mute"
    >
      <span className="flex-1">{state.name === "failed" ? state.detail : words[state.name]}</span>
      {state.name === "connecting" ? null : (
        <Button
          size="small"
          onClick={() => {
            shell.connect();
            shell.focus();
          }}
        >
          {state.name === "lost" ? "Try now" : "New shell"}
        </Button>
      )}
    </div>
  );
}
