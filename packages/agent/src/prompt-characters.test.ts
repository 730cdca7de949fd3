import { expect, it } from "vitest";
import { agents } from "./agents/registry.ts";
import { promptCharacters } from "./prompt-characters.ts";

const asksForRisk = { kind: "ConfirmRisky", threshold: "HIGH", confirm_unknown: true } as const;

it.each(agents)("what $name is told before it begins is at most 16,000 characters", (agent) => {
  expect(promptCharacters(agent, asksForRisk)).toBeLessThanOrEqual(16_000);
});
