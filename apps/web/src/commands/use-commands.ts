import { useNavigate } from "@tanstack/react-router";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { useServices } from "../app/services.ts";
import { type ConversationView, emptyView } from "../conversation/conversation-view.ts";
import { useOpenSession } from "../conversation/use-open-session.ts";
import type { Command, CommandContext } from "./command.ts";
import { findCommands } from "./registry.ts";

export interface Commands {
  /** those that fit now and have these words */
  readonly find: (words: string) => Command[];
  /** What the server refuses is told in the conversation. */
  readonly run: (command: Command) => void;
}

const nowhere: StoreApi<ConversationView> = createStore(() => emptyView);

/** What can be done by name on the page that is open. */
export function useCommands(): Commands {
  const { client, layout, theme, overlays } = useServices();
  const navigate = useNavigate();
  const session = useOpenSession();
  const store = session?.store ?? nowhere;
  const info = useStore(store, (view) => view.info);
  const goTo: CommandContext["goTo"] = (to) => void navigate({ to });
  const context: CommandContext = { client, layout, theme, overlays, goTo, info };
  return {
    find: (words) => findCommands(context, words),
    run: (command) => {
      Promise.resolve(command.run(context)).catch((error: unknown) =>
        store.setState({ warning: error instanceof Error ? error.message : String(error) }),
      );
    },
  };
}
