import { expect, it } from "vitest";
import { agents } from "./agents/registry.ts";
import { systemPrompt } from "./prompt.ts";
import { toolSpec } from "./tool-spec.ts";

const asksForRisk = { kind: "ConfirmRisky", threshold: "HIGH", confirm_unknown: true } as const;

it.each(agents)("what $name is told before it begins is at most 16,000 characters", (agent) => {
  const tools = agent.tools.map((tool) => toolSpec(tool, asksForRisk));
  expect(systemPrompt(agent).length + JSON.stringify(tools).length).toBeLessThanOrEqual(16_000);
});
