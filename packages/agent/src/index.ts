export type { Agent } from "./agents/agent.ts";
export { agentNamed, agents } from "./agents/registry.ts";
export { grantsFor, type Grants } from "./approval.ts";
export { Context } from "./context.ts";
export { closeOpenActions, interruption } from "./interrupted.ts";
export { run, type Run, type RunEnd } from "./loop.ts";
export { systemPromptDraft } from "./prompt.ts";
export type { Tool, ToolContext } from "./tool.ts";
export { ToolMemory } from "./tool-memory.ts";
