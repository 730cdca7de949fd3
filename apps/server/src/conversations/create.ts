import { defaultTools, systemPromptDraft } from "@openhands/agent";
import {
  AppError,
  ConversationId,
  type ConversationSetup,
  type CreateConversationRequest,
  type EventDraft,
  type RuntimeKind,
} from "@openhands/protocol";
import { conversationKeyName } from "../settings-manager.ts";
import type { Dependencies } from "./dependencies.ts";
import { attachSandbox, openConversation, openSession } from "./open.ts";
import { startRun } from "./run.ts";
import { messageDraft } from "./send.ts";
import type { Session } from "./session.ts";
import { chooseWorkspace } from "./workspace.ts";

export interface Created {
  readonly session: Session;
  /** false: the id was known, and this is that conversation */
  readonly fresh: boolean;
}

/** Makes folder and log, and lets the sandbox start beside. @throws AppError `invalid`, `disk_full` */
export async function createConversation(
  deps: Dependencies,
  request: CreateConversationRequest,
): Promise<Created> {
  const id = request.conversation_id ?? ConversationId.parse(crypto.randomUUID());
  if (await deps.store.has(id)) return { session: await openConversation(deps, id), fresh: false };
  const setup = await setupOf(deps, id, request);
  let fresh = false;
  const session = await deps.sessions.get(id, async () => {
    fresh = true;
    return await makeSession(deps, id, setup, request);
  });
  // somebody else made it in the meantime
  if (!fresh) return { session, fresh };
  void session.sandbox.start();
  if (request.initial_message?.run === true) await startRun(deps, session);
  return { session, fresh: true };
}

async function makeSession(
  deps: Dependencies,
  id: ConversationId,
  setup: ConversationSetup,
  request: CreateConversationRequest,
): Promise<Session> {
  const apiKey = request.agent?.llm?.api_key;
  if (apiKey !== null && apiKey !== undefined && apiKey !== "")
    await deps.vault.set(conversationKeyName(id), apiKey);
  await deps.store.create(id);
  const created: EventDraft = {
    kind: "ConversationStateUpdateEvent",
    source: "environment",
    key: "created",
    value: setup,
  };
  const session = await openSession(deps, id);
  try {
    const message = request.initial_message;
    const first = [created, systemPromptDraft(defaultTools)];
    await session.append(message ? [...first, messageDraft(message)] : first);
  } catch (error) {
    await session.log.close();
    await deps.store.remove(id, { purge: true });
    throw error;
  }
  attachSandbox(deps, session, setup);
  return session;
}

async function setupOf(
  deps: Dependencies,
  id: ConversationId,
  request: CreateConversationRequest,
): Promise<ConversationSetup> {
  const { settings } = deps.settings;
  const workspace = await chooseWorkspace(deps, id, request.workspace?.working_dir ?? null);
  const choice = await deps.runtimes.choice();
  const { sandbox, agent } = request;
  if (sandbox?.image && choice.provider.kind !== "docker") {
    throw new AppError(
      "invalid",
      `An image can be named only where Docker runs; this server uses ${choice.provider.kind}.`,
    );
  }
  return {
    title: request.title ?? null,
    working_dir: workspace.path,
    working_dir_named: workspace.named,
    runtime: choice.provider.kind,
    image: sandbox?.image ?? null,
    memory_mb: sandbox?.memory_mb ?? null,
    cpus: sandbox?.cpus ?? null,
    network: sandbox?.network ?? usualNetwork(choice.provider.kind),
    user: sandbox?.user ?? "owner",
    llm_model: request.llm_model ?? agent?.llm?.model ?? null,
    llm_base_url: agent?.llm?.base_url ?? null,
    max_iterations: request.max_iterations ?? settings.max_iterations,
    tags: request.tags ?? {},
  };
}

/** A container has a network of its own; what bubblewrap has is the machine's, its loopback with this server included. */
function usualNetwork(runtime: RuntimeKind): "on" | "off" {
  return runtime === "bubblewrap" ? "off" : "on";
}
