/** What every route is given. */
import type { ServerInfo, SystemInfo } from "@openhands/protocol";
import type { Gate } from "../access/gate.ts";
import type { SignIns } from "../access/sign-ins.ts";
import type { SessionManager } from "../conversations/session-manager.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { Previews } from "../previews/previews.ts";
import type { Secrets } from "../secrets.ts";
import type { SettingsManager } from "../settings-manager.ts";
import type { SpareCalls } from "../spare-calls.ts";

export interface RouteContext {
  readonly sessions: SessionManager;
  readonly settings: SettingsManager;
  readonly secrets: Secrets;
  readonly spareCalls: SpareCalls;
  readonly gate: Gate;
  /** null: no key is asked for */
  readonly signIns: SignIns | null;
  readonly cookieName: string;
  readonly cookiePath: string;
  /** every way here is encrypted */
  readonly secureCookies: boolean;
  readonly previews: Previews;
  readonly system: () => Promise<SystemInfo>;
  readonly serverInfo: () => ServerInfo;
  /** where the link for a person starts: scheme, host and port */
  readonly origin: () => string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}
