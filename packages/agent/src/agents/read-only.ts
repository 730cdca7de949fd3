import { fileViewerTool } from "../tools/file-viewer.ts";
import { defaultTools } from "../tools/registry.ts";
import type { Agent } from "./agent.ts";

/** What writes is not among its tools, so that no prompt can talk it into writing. */
export const readOnlyAgent: Agent = {
  name: "ReadOnlyAgent",
  description: "Looks and explains; changes nothing",
  tools: [fileViewerTool, ...defaultTools.filter((tool) => tool.effect === "none" || tool.effect === "read")],
  instructions:
    "You only look: you have no tool that changes a file or runs a command. Where a change is wanted, say exactly which one.",
};
