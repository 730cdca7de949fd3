import { defaultTools } from "../tools/registry.ts";
import type { Agent } from "./agent.ts";

export const codeActAgent: Agent = {
  name: "CodeActAgent",
  description: "Works with a shell and files",
  tools: defaultTools,
  instructions: "",
};
