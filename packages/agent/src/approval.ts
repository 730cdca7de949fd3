/** Whether the calls of an answer wait for a person. One that must be asked about holds the whole batch. */
import type { ActionEvent, ConfirmationPolicy, ToolAction } from "@openhands/protocol";
import { judge } from "./risk/judge.ts";
import type { Assessment, Risk } from "./risk/assess.ts";
import type { Tool } from "./tool.ts";

/** What a person allowed for longer than once, as `grantsFor` names it. */
export type Grants = ReadonlySet<string>;

export function waitsForApproval(
  actions: readonly ActionEvent[],
  tools: readonly Tool[],
  policy: ConfirmationPolicy,
  grants: Grants,
): boolean {
  if (policy.kind === "NeverConfirm") return false;
  return actions.some((action) => {
    const assessment = assessmentOf(action, tools);
    return assessment !== null && asks(policy, assessment, grants);
  });
}

/** What is allowed by a yes to `actions` that is meant for longer than once. */
export function grantsFor(
  actions: readonly ActionEvent[],
  tools: readonly Tool[],
  policy: ConfirmationPolicy,
): string[] {
  const keys = actions.flatMap((action) => {
    const assessment = assessmentOf(action, tools);
    return assessment === null ? [] : keysOf(policy, assessment);
  });
  return [...new Set(keys)];
}

/** null for what is never asked about: it does nothing outside the conversation, or nothing at all. */
function assessmentOf(event: ActionEvent, tools: readonly Tool[]): Assessment | null {
  const tool = tools.find((candidate) => candidate.name === event.tool_name);
  if (event.action === null || tool === undefined || tool.effect === "none") return null;
  const action: ToolAction = event.action;
  return judge(action, tool, event.tool_call.arguments);
}

function asks(policy: ConfirmationPolicy, assessment: Assessment, grants: Grants): boolean {
  if (!held(policy, assessment.risk)) return false;
  const keys = keysOf(policy, assessment);
  return keys.length === 0 || keys.some((key) => !grants.has(key));
}

const levels: readonly Risk[] = ["LOW", "MEDIUM", "HIGH"];

function held(policy: ConfirmationPolicy, risk: Risk): boolean {
  switch (policy.kind) {
    case "NeverConfirm":
      return false;
    case "AlwaysConfirm":
      return true;
    case "ConfirmRisky":
      return risk === "UNKNOWN"
        ? policy.confirm_unknown
        : levels.indexOf(risk) >= levels.indexOf(policy.threshold);
  }
}

/**
 * Where everything is asked about, programs are allowed one by one; their risks are allowed on their own all the same.
 * Else each risk that the policy asks about: one that is allowed allows no other beside it.
 */
function keysOf(policy: ConfirmationPolicy, { risks, subjects }: Assessment): readonly string[] {
  const asked = risks.filter(({ level }) => held(policy, level)).map(({ key }) => key);
  if (policy.kind === "ConfirmRisky" && asked.length > 0) return asked;
  return [...subjects, ...risks.filter(({ level }) => level !== "MEDIUM").map(({ key }) => key)];
}
