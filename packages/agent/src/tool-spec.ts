import type { ToolSpec } from "@openhands/models";
import type { ConfirmationPolicy } from "@openhands/protocol";
import type { Tool } from "./tool.ts";

const securityRisk = {
  type: "string",
  enum: ["LOW", "MEDIUM", "HIGH"],
  description: "how risky this call is; HIGH for what can't be taken back or leaves the sandbox",
} as const;

/** A tool as the model is told of it. Where risk decides whether a person is asked, the model says what it thinks. */
export function toolSpec(tool: Tool, policy: ConfirmationPolicy): ToolSpec {
  const { name, description, inputSchema } = tool;
  const asksRisk = policy.kind === "ConfirmRisky" && (tool.effect === "write" || tool.effect === "execute");
  const properties = inputSchema["properties"];
  if (!asksRisk || typeof properties !== "object")
    return { type: "function", name, description, inputSchema };
  const widened = { ...inputSchema, properties: { ...properties, security_risk: securityRisk } };
  return { type: "function", name, description, inputSchema: widened };
}
