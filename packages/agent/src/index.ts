export { Context } from "./context.ts";
export { closeOpenActions, interruption } from "./interrupted.ts";
export { run, type Run, type RunEnd } from "./loop.ts";
export { systemPromptDraft } from "./prompt.ts";
export type { Tool, ToolContext } from "./tool.ts";
export { ToolMemory } from "./tool-memory.ts";
export { defaultTools } from "./tools/registry.ts";
