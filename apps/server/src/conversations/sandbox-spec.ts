import type { ConversationId, ConversationSetup } from "@openhands/protocol";
import type { SandboxSpec } from "@openhands/sandbox";

/** What a conversation's sandbox is made from. @param memoryMb where the conversation asks for no amount of its own */
export function sandboxSpec(id: ConversationId, setup: ConversationSetup, memoryMb: number): SandboxSpec {
  return {
    conversationId: id,
    workspace: setup.working_dir,
    image: setup.image ?? null,
    memoryMb: setup.memory_mb ?? memoryMb,
    cpus: setup.cpus ?? null,
    network: setup.network,
    user: setup.user,
  };
}
