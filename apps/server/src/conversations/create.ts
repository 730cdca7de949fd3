import { agentNamed, agents, systemPromptDraft } from "@openhands/agent";
import {
  AppError,
  ConfirmationPolicy,
  ConversationId,
  type ConversationSetup,
  type CreateConversationRequest,
  type EventDraft,
  neverConfirm,
  type RuntimeKind,
  type Settings,
} from "@openhands/protocol";
import type { PlannedSandbox, Taken } from "../sandboxes/pool.ts";
import type { Dependencies } from "./dependencies.ts";
import { attachSandbox, openConversation, openSession } from "./open.ts";
import { requestDigest } from "./request-digest.ts";
import { startRun } from "./run.ts";
import { sandboxSpec } from "./sandbox-spec.ts";
import { checkMessage, messageDraft } from "./send.ts";
import type { Session } from "./session.ts";
import { chooseWorkspace, isFresh, type Workspace } from "./workspace.ts";

export interface Created {
  readonly session: Session;
  /** false: the id was known, and this is that conversation */
  readonly fresh: boolean;
}

export interface CreateOptions {
  /** the id stands for a key that the caller made up: whoever shows it again must ask for the same again */
  readonly once: boolean;
}

/**
 * Makes folder and log, and lets the sandbox start beside.
 * @throws AppError `invalid`, also where what must be the same is not; `disk_full`
 */
export async function createConversation(
  deps: Dependencies,
  request: CreateConversationRequest,
  { once }: CreateOptions = { once: false },
): Promise<Created> {
  const digest = once ? requestDigest(request) : null;
  const created = await findOrMake(deps, request, digest);
  const asked = created.session.state.setup?.request_digest ?? digest;
  if (digest !== null && asked !== digest) {
    throw new AppError(
      "invalid",
      "This Idempotency-Key was used for another request. Send the same body again, or take a new key.",
    );
  }
  return created;
}

async function findOrMake(
  deps: Dependencies,
  request: CreateConversationRequest,
  digest: string | null,
): Promise<Created> {
  const wanted = request.conversation_id ?? null;
  const known =
    wanted !== null && (await deps.store.has(wanted)) ? await openConversation(deps, wanted) : null;
  if (known !== null && known.log.lastSeq >= 0) return { session: known, fresh: false };
  if (request.initial_message) checkMessage(request.initial_message);
  const planned = await planSetup(deps, request);
  const setupIn: SetupIn = (workspace) => ({ ...planned(workspace), request_digest: digest });
  if (known !== null) return await finishMaking(deps, known, { setupIn, request, taken: null });
  const taken = wanted === null && isFresh(folderOf(request)) ? takeFromPool(deps, setupIn) : null;
  const id = wanted ?? taken?.id ?? ConversationId.parse(crypto.randomUUID());
  const { session, fresh } = await makeOnce(deps, id, { setupIn, request, taken });
  // somebody else made it in the meantime
  if (!fresh) return { session, fresh };
  if (taken === null) void session.sandbox.start().then(() => deps.pool.fill());
  else await deps.pool.settle(taken);
  if (request.initial_message?.run === true) await startRun(deps, session);
  return { session, fresh: true };
}

interface Making {
  readonly setupIn: SetupIn;
  readonly request: CreateConversationRequest;
  readonly taken: Taken | null;
}

async function makeOnce(deps: Dependencies, id: ConversationId, making: Making): Promise<Created> {
  let fresh = false;
  try {
    const setup = making.setupIn(await chooseWorkspace(deps, id, folderOf(making.request)));
    const session = await deps.sessions.get(id, async () => {
      fresh = true;
      return await makeSession(deps, id, setup, making.request);
    });
    if (making.taken !== null) session.sandbox.accept(making.taken);
    return { session, fresh };
  } catch (error) {
    if (making.taken !== null) await deps.pool.discard(making.taken);
    throw error;
  }
}

/** A `kill -9` came between its folder and its first event: it is made now, as if it had not been there. */
async function finishMaking(
  deps: Dependencies,
  session: Session,
  { setupIn, request }: Making,
): Promise<Created> {
  const fresh = await session.inOrder(async () => {
    if (session.log.lastSeq >= 0) return false;
    if (session.closing.aborted) {
      const detail = "What was left of this conversation is being removed. Ask for it again.";
      throw new AppError("unavailable", detail, { retryAfterSeconds: 1 });
    }
    const id = session.log.conversationId;
    const setup = setupIn(await chooseWorkspace(deps, id, folderOf(request)));
    await putSecrets(deps, id, request);
    await session.append(firstDrafts(setup, request));
    attachSandbox(deps, session, setup);
    return true;
  });
  if (fresh) void session.sandbox.start();
  if (fresh && request.initial_message?.run === true) await startRun(deps, session);
  return { session, fresh };
}

const folderOf = (request: CreateConversationRequest): string | null =>
  request.workspace?.working_dir ?? null;

function takeFromPool(deps: Dependencies, setupIn: SetupIn): Taken | null {
  const setup = setupIn({ path: "", named: false });
  return deps.pool.take({ runtime: setup.runtime, spec: sandboxSpec(deps, noId, setup) });
}

/** Stands for the id that the pool gives. */
const noId = ConversationId.parse("0".repeat(32));

async function makeSession(
  deps: Dependencies,
  id: ConversationId,
  setup: ConversationSetup,
  request: CreateConversationRequest,
): Promise<Session> {
  await putSecrets(deps, id, request);
  await deps.store.create(id);
  const session = await openSession(deps, id);
  try {
    await session.append(firstDrafts(setup, request));
  } catch (error) {
    await session.log.close();
    await deps.store.remove(id, { purge: true });
    throw error;
  }
  attachSandbox(deps, session, setup);
  return session;
}

async function putSecrets(
  deps: Dependencies,
  id: ConversationId,
  request: CreateConversationRequest,
): Promise<void> {
  const apiKey = request.agent?.llm?.api_key;
  if (apiKey !== null && apiKey !== undefined && apiKey !== "") await deps.secrets.putModelKey(id, apiKey);
  if (request.secrets) await deps.secrets.putOwn(id, request.secrets);
}

function firstDrafts(setup: ConversationSetup, request: CreateConversationRequest): EventDraft[] {
  const created: EventDraft = {
    kind: "ConversationStateUpdateEvent",
    source: "environment",
    key: "created",
    value: setup,
  };
  const message = request.initial_message;
  const first = [created, systemPromptDraft(agentNamed(setup.agent))];
  return message ? [...first, messageDraft(message)] : first;
}

/** The sandbox of a conversation that asks for nothing of its own, in a fresh folder. */
export async function planSandbox(
  deps: Pick<Dependencies, "settings" | "runtimes" | "layout" | "engine">,
  id: ConversationId,
): Promise<PlannedSandbox> {
  const setupIn = await planSetup(deps, {});
  const setup = setupIn(await chooseWorkspace(deps, id, null));
  return { runtime: setup.runtime, spec: sandboxSpec(deps, id, setup) };
}

type SetupIn = (workspace: Workspace) => ConversationSetup;

/** What a conversation is to be made with, but for its folder. @throws AppError `invalid` */
export async function planSetup(
  deps: Pick<Dependencies, "settings" | "runtimes">,
  request: CreateConversationRequest,
): Promise<SetupIn> {
  const { settings } = deps.settings;
  const runtime = await deps.runtimes.kind();
  const { sandbox, agent } = request;
  if (sandbox?.image && runtime !== "docker") {
    throw new AppError(
      "invalid",
      `An image can be named only where Docker runs; this server uses ${runtime}.`,
    );
  }
  return ({ path, named }) => ({
    title: request.title ?? null,
    working_dir: path,
    working_dir_named: named,
    runtime,
    image: sandbox?.image ?? null,
    memory_mb: sandbox?.memory_mb ?? null,
    cpus: sandbox?.cpus ?? null,
    network: sandbox?.network ?? usualNetwork(runtime),
    user: sandbox?.user ?? "owner",
    llm_model: request.llm_model ?? agent?.llm?.model ?? null,
    llm_base_url: agent?.llm?.base_url || null,
    max_iterations: request.max_iterations ?? settings.max_iterations,
    max_budget: request.max_budget ?? settings.max_budget_per_task,
    autotitle: request.autotitle ?? false,
    agent: agents.find(({ name }) => name === agent?.kind)?.name ?? agentNamed(settings.agent).name,
    confirmation_policy: request.confirmation_policy ?? usualPolicy(settings),
    security_analyzer: request.security_analyzer?.kind ?? settings.security_analyzer,
    tags: request.tags ?? {},
  });
}

/** With `confirmation_mode`: everything is asked about, or with an analyzer what is risky. */
function usualPolicy(settings: Settings): ConfirmationPolicy {
  if (!settings.confirmation_mode) return neverConfirm;
  return settings.security_analyzer === null
    ? { kind: "AlwaysConfirm" }
    : ConfirmationPolicy.parse({ kind: "ConfirmRisky" });
}

/** A container has a network of its own; what bubblewrap has is the machine's, its loopback with this server included. */
function usualNetwork(runtime: RuntimeKind): "on" | "off" {
  return runtime === "bubblewrap" ? "off" : "on";
}
