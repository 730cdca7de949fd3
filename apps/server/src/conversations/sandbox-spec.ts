import type { ConversationId, ConversationSetup } from "@openhands/protocol";
import type { SandboxSpec } from "@openhands/sandbox";
import type { Layout } from "@openhands/store";
import type { Dependencies } from "./dependencies.ts";

/** What a conversation's sandbox is made from now: the settings say what it did not ask for itself. */
export function sandboxSpec(
  { layout, settings }: Pick<Dependencies, "layout" | "settings">,
  id: ConversationId,
  setup: ConversationSetup,
): SandboxSpec {
  const limits = settings.sandboxLimits;
  return {
    conversationId: id,
    workspace: workspaceOf(layout, id, setup),
    cacheFolder: setup.runtime === "docker" ? layout.cacheFolder(id) : null,
    image: setup.image ?? null,
    memoryMb: setup.memory_mb ?? limits.memoryMb,
    cpus: setup.cpus ?? limits.cpus,
    processes: limits.processes,
    network: setup.network,
    user: setup.user,
  };
}

/**
 * The folder on the host. One of ours is found by the home, not by where it was once: a home may be moved, and of a copy
 * of it the agents must not write into the first one.
 */
export function workspaceOf(layout: Layout, id: ConversationId, setup: ConversationSetup): string {
  return setup.working_dir_named ? setup.working_dir : layout.workspaceFolder(id);
}
