/** What the verbs of a conversation work with. Put together in `wiring.ts`. */
import type { ConversationStore, Layout, Redactor, Vault } from "@openhands/store";
import type { Logger } from "../logger.ts";
import type { Runtimes } from "../sandboxes/runtimes.ts";
import type { SettingsManager } from "../settings-manager.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Sessions } from "./sessions.ts";

export interface Dependencies {
  readonly layout: Layout;
  readonly store: ConversationStore;
  readonly vault: Vault;
  readonly redactor: Redactor;
  readonly runtimes: Runtimes;
  readonly settings: SettingsManager;
  readonly catalogue: Catalogue;
  readonly sessions: Sessions;
  readonly memoryMb: number;
  readonly logger: Logger;
}
