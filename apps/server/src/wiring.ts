/** The one place where the parts are put together. */
import { fileURLToPath } from "node:url";
import { agentNamed } from "@openhands/agent";
import type { ServerInfo } from "@openhands/protocol";
import {
  acquireInstanceLock,
  type ConversationStore,
  createConversationStore,
  createLayout,
  createRedactor,
  createSettingsStore,
  type InstanceLock,
  type Layout,
  openConversationIndex,
  openHome,
  openVault,
  readOrMakeSessionKey,
  readRecording,
  type Redactor,
  type Vault,
} from "@openhands/store";
import { noIsolation } from "@openhands/sandbox";
import { Gate } from "./access/gate.ts";
import { SignIns } from "./access/sign-ins.ts";
import { createApp } from "./app.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { Catalogue } from "./conversations/catalogue.ts";
import { PersonTerminals } from "./conversations/person-terminals.ts";
import { SessionManager } from "./conversations/session-manager.ts";
import { Sessions } from "./conversations/sessions.ts";
import { createLogger, type Logger } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { Page } from "./page.ts";
import { Previews, type PreviewsOptions } from "./previews/previews.ts";
import { planSandbox } from "./conversations/create.ts";
import { Admission } from "./sandboxes/admission.ts";
import { Pool } from "./sandboxes/pool.ts";
import { PoolMarks } from "./sandboxes/pool-marks.ts";
import { PortLooks } from "./sandboxes/port-looks.ts";
import { createProviders, instanceOf } from "./sandboxes/providers.ts";
import { Runtimes } from "./sandboxes/runtimes.ts";
import { Secrets } from "./secrets.ts";
import { SettingsManager } from "./settings-manager.ts";
import { SpareCalls } from "./spare-calls.ts";
import { Sockets } from "./sockets/upgrade.ts";
import { version } from "./version.ts";

const root = new URL("../../../", import.meta.url);

export interface Parts {
  readonly app: ReturnType<typeof createApp>;
  readonly sockets: Sockets;
  readonly previews: Previews;
  readonly sessions: SessionManager;
  readonly settings: SettingsManager;
  readonly signIns: SignIns | null;
  readonly runtimes: Runtimes;
  readonly layout: Layout;
  readonly lock: InstanceLock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** what a person should know of now; one sentence each */
  readonly warnings: () => readonly string[];
}

/** Commands hold the lock for a millisecond, to see whether a server runs. */
const commandsMomentMs = 250;

/**
 * @param origin where people reach the server, asked for when a link is made
 * @throws AppError when another server owns the home, or when the home can't be written
 */
export async function wire(config: Config, origin: () => string, clock: Clock = systemClock): Promise<Parts> {
  const layout = createLayout(config.home);
  const lock = await acquireInstanceLock(layout, commandsMomentMs);
  const redactor = createRedactor();
  const logger = await createLogger(config.logLevel, redactor);
  const home = await openHome({ layout });
  if (home.migrated !== null) logger.info({}, home.migrated);
  const vault = await openOwnVault(config, layout, redactor);
  const sessionKey = config.sessionApiKey ?? (await readOrMakeSessionKey(layout));
  redactor.add(sessionKey);
  const store = createConversationStore({ layout, redactor });
  const secrets = new Secrets(vault);
  const settings = await loadSettings(config, { layout, vault, secrets, redactor });
  const runtimes = new Runtimes(createProviders(config, layout), config.runtime);
  const catalogue = await openCatalogue(layout, store, logger);
  const sandboxing = createSandboxing(config, { layout, settings, runtimes, logger, clock });
  const sessions = new SessionManager({
    store,
    secrets,
    redactor,
    catalogue,
    sessions: new Sessions(clock),
    ...sandboxing,
  });
  const access = await createAccess(config, layout, sessionKey);
  const danger = config.runtime === "local" ? noIsolation : null;
  const warnings = () =>
    [danger, home.problem, settings.problem, vault.locked].filter((sentence) => sentence !== null);
  const sockets = new Sockets({
    gate: access.gate,
    sessions,
    terminals: new PersonTerminals(systemClock),
    logger,
  });
  const open: PreviewsOptions["open"] = async (id) => await sessions.open(id);
  const previews = createPreviews(config, settings, { ...access, origin, open, logger, clock });
  const metrics = createMetrics(sessions, sockets, sandboxing.admission);
  const app = createApp(
    {
      sessions,
      settings,
      secrets,
      spareCalls: new SpareCalls(layout),
      ...access,
      previews,
      system: async () => ({
        ...(await systemInfo(runtimes, layout, warnings)),
        ...(await sessions.machineUsage()),
      }),
      serverInfo: createServerInfo(),
      origin,
      metrics,
      logger,
    },
    new Page(fileURLToPath(new URL("apps/web/dist", root)), config.basePath),
  );
  const shown = { app, sockets, previews, sessions, settings, signIns: access.signIns };
  return { ...shown, runtimes, layout, lock, logger, metrics, warnings };
}

async function openOwnVault(config: Config, layout: Layout, redactor: Redactor): Promise<Vault> {
  const onValue = (value: string): void => void redactor.add(value);
  return await openVault({ layout, environmentKey: config.secretKey, isOwner: true, onValue });
}

async function createAccess(config: Config, layout: Layout, sessionKey: string) {
  const signIns = config.auth ? await SignIns.load(layout, sessionKey) : null;
  const cookieName = `openhands_${instanceOf(config.home)}`;
  const gate = new Gate({ signIns, allowedHosts: config.allowedHosts, cookieName });
  return { signIns, cookieName, gate, cookiePath: `${config.basePath}/`, secureCookies: config.tls !== null };
}

async function loadSettings(
  config: Config,
  parts: { layout: Layout; vault: Vault; secrets: Secrets; redactor: Redactor },
): Promise<SettingsManager> {
  return await SettingsManager.load({
    ...parts,
    store: createSettingsStore(parts.layout),
    recordings: async (name) => await readRecording(parts.layout, name),
    llm: config.llm,
    limits: config.sandboxLimits,
  });
}

/** Where conversations run, how many at once, and those made ahead. */
function createSandboxing(
  config: Config,
  parts: { layout: Layout; settings: SettingsManager; runtimes: Runtimes; logger: Logger; clock: Clock },
) {
  const { engine } = config;
  const { settings } = parts;
  const admission = new Admission(() => settings.sandboxLimits.maxRunning);
  const pool = new Pool({
    ...parts,
    size: () => settings.sandboxLimits.poolSize,
    admission,
    marks: new PoolMarks(parts.layout.poolFolder),
    plan: async (id) => await planSandbox({ ...parts, engine }, id),
  });
  return { ...parts, admission, portLooks: new PortLooks(), pool, engine };
}

function createPreviews(
  { previewDomain: domain, basePath }: Config,
  settings: SettingsManager,
  parts: Pick<PreviewsOptions, "gate" | "origin" | "open" | "logger" | "clock">,
): Previews {
  const answerSeconds = (): number => settings.settings.preview_answer_seconds;
  return new Previews({ ...parts, domain, basePath, answerSeconds });
}

function createMetrics(sessions: SessionManager, sockets: Sockets, admission: Admission): Metrics {
  const gauge = (name: string, help: string, value: () => number) => ({
    name: `openhands_${name}`,
    help,
    value,
  });
  return new Metrics([
    gauge("conversations_in_memory", "Conversations that are in memory.", () => sessions.inMemory),
    gauge("sockets_open", "Event sockets that are open.", () => sockets.size),
    gauge("sandboxes_running", "Sandboxes that run, those made ahead among them.", () => admission.running),
    gauge("sandboxes_queued", "Conversations that wait for a sandbox.", () => admission.waiting),
  ]);
}

async function openCatalogue(layout: Layout, store: ConversationStore, logger: Logger): Promise<Catalogue> {
  const onLoss = (cause: unknown): void =>
    logger.warn({ err: cause }, "the index of conversations could not be used and is made anew");
  return new Catalogue(store, await openConversationIndex({ path: layout.indexFile, onLoss }), logger);
}

async function systemInfo(runtimes: Runtimes, layout: Layout, warnings: Parts["warnings"]) {
  const choice = await runtimes.choice();
  const image = (await choice.provider.usualImage?.()) ?? null;
  return {
    version: version.own,
    runtime: {
      kind: choice.provider.kind,
      engine: choice.check.engine,
      ok: choice.check.ok,
      message: choice.message,
      notes: [...choice.check.notes],
      image: image === null ? null : { ...image },
    },
    home: layout.home,
    warnings: [...warnings()],
  };
}

function createServerInfo(): () => ServerInfo {
  const started = Date.now();
  return () => ({
    title: "OpenHands",
    version: version.v1,
    openhands_version: version.own,
    uptime: (Date.now() - started) / 1000,
    usable_tools: agentNamed(null).tools.map(({ name }) => name),
  });
}
