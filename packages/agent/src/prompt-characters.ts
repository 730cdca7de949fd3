import type { ConfirmationPolicy } from "@openhands/protocol";
import type { Agent } from "./agents/agent.ts";
import { systemPrompt } from "./prompt.ts";
import { toolSpec } from "./tool-spec.ts";

/** Characters of what the model is told before the person's first word, tools as JSON: paid with every call. */
export function promptCharacters(agent: Agent, policy: ConfirmationPolicy): number {
  const tools = agent.tools.map((tool) => toolSpec(tool, policy));
  return systemPrompt(agent).length + JSON.stringify(tools).length;
}
