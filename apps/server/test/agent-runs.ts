import { call, say } from "@openhands/testing";
import { probeConversation, settled } from "./conversation-probe.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** The agent of a conversation runs `command` in its terminal, to the end of the turn. */
export async function agentRuns(
  { llm, server: { client } }: Pick<ScriptedServer, "llm" | "server">,
  id: string,
  command: string,
): Promise<void> {
  llm.push(call("terminal", { command, timeout: 60 }), say("Done."));
  using probe = probeConversation(client, id);
  const sent = await client.events.send(id, { content: "go", run: true });
  await probe.event((event) => event.seq > sent.seq && event.kind === "ObservationEvent");
  await probe.state(settled);
}
