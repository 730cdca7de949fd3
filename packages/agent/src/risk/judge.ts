import type { ToolAction } from "@openhands/protocol";
import * as z from "zod";
import type { Tool } from "../tool.ts";
import { assess, type Assessment } from "./assess.ts";

const Said = z.object({ security_risk: z.string() });

/** Assesses a call. A check that fails itself counts as HIGH. @param args as the model sent them, JSON or not */
export function judge(action: ToolAction, tool: Pick<Tool, "name" | "effect">, args: string): Assessment {
  try {
    return assess(action, tool, riskSaid(args));
  } catch (error) {
    const reason = `it could not be checked (${error instanceof Error ? error.message : "unknown"})`;
    return {
      risk: "HIGH",
      reasons: [reason],
      risks: [{ key: tool.name, level: "HIGH" }],
      subjects: [tool.name],
    };
  }
}

function riskSaid(args: string): string | null {
  try {
    return Said.safeParse(JSON.parse(args)).data?.security_risk.toUpperCase() ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
