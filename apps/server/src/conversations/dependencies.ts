/** What the verbs of a conversation work with. Put together in `wiring.ts`. */
import type { ConversationStore, Layout, Redactor } from "@openhands/store";
import type { EngineSearch } from "@openhands/sandbox";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { Admission } from "../sandboxes/admission.ts";
import type { Pool } from "../sandboxes/pool.ts";
import type { PortLooks } from "../sandboxes/port-looks.ts";
import type { Runtimes } from "../sandboxes/runtimes.ts";
import type { Secrets } from "../secrets.ts";
import type { SettingsManager } from "../settings-manager.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Sessions } from "./sessions.ts";

export interface Dependencies {
  readonly layout: Layout;
  readonly store: ConversationStore;
  readonly secrets: Secrets;
  readonly redactor: Redactor;
  readonly runtimes: Runtimes;
  readonly admission: Admission;
  readonly portLooks: PortLooks;
  readonly pool: Pool;
  readonly settings: SettingsManager;
  readonly catalogue: Catalogue;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** where an engine may listen: its socket is given to no agent */
  readonly engine: EngineSearch;
  readonly logger: Logger;
}
