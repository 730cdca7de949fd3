/** The agents there are. A new one: a file here and a line below. */
import type { Agent } from "./agent.ts";
import { codeActAgent } from "./code-act.ts";
import { readOnlyAgent } from "./read-only.ts";

export const agents: readonly Agent[] = [codeActAgent, readOnlyAgent];

/** The agent of that name; the first one where the name is another's, e.g. of a client that sends its own. */
export function agentNamed(name: string | null | undefined): Agent {
  return agents.find((agent) => agent.name === name) ?? codeActAgent;
}
