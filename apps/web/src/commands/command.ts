import type { Client } from "@openhands/client";
import type { ConversationInfo } from "@openhands/protocol";
import type { LayoutStore } from "../app/layout-store.ts";
import type { OverlayStore } from "../app/overlay-store.ts";
import type { ThemeStore } from "../app/theme-store.ts";

/** What a command can act on. */
export interface CommandContext {
  readonly client: Client;
  readonly layout: LayoutStore;
  readonly theme: ThemeStore;
  readonly overlays: OverlayStore;
  readonly goTo: (to: "/" | "/settings") => void;
  /** the conversation on the screen; null on other pages, or before it is known */
  readonly info: ConversationInfo | null;
}

/** Something that can be done by its name: typed behind a `/`, or chosen in the palette. */
export interface Command {
  /** one word, as it is typed */
  readonly name: string;
  readonly title: string;
  /** the keys that do the same */
  readonly keys?: string;
  /** left out where it is false */
  readonly fits: (context: CommandContext) => boolean;
  /** Rejects with an ApiError where the server refuses. */
  readonly run: (context: CommandContext) => void | Promise<unknown>;
}
