/** What components are given instead of reaching for it: one object, put together in `main.tsx`. */
import type { Client } from "@openhands/client";
import { createContext, useContext } from "react";
import type { ConversationSessions } from "../conversation/conversation-sessions.ts";
import type { Access } from "./access.ts";
import type { LayoutStore } from "./layout-store.ts";
import type { OverlayStore } from "./overlay-store.ts";
import type { Remembered } from "./remembered.ts";
import type { ThemeStore } from "./theme-store.ts";

export interface Services {
  readonly client: Client;
  readonly access: Access;
  readonly sessions: ConversationSessions;
  readonly layout: LayoutStore;
  readonly theme: ThemeStore;
  readonly overlays: OverlayStore;
  readonly remembered: Remembered;
  /** whether the columns stand side by side now */
  readonly isRoomy: () => boolean;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("the page was drawn without its services");
  return services;
}
