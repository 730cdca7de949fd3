/**
 * How risky an action is, before it is executed: from rules on the commands that a line of shell really runs, on paths,
 * and from what the model itself says. The highest counts; what can't be read is UNKNOWN, never LOW.
 */
import type { ActionEvent, ToolAction } from "@openhands/protocol";
import type { Tool } from "../tool.ts";
import { gitSubcommand } from "./git-subcommand.ts";
import { outsideWorkspace, sensitivePath } from "./paths.ts";
import { rules } from "./rules/registry.ts";
import { type ShellCommand, shellCommands } from "./shell-commands.ts";

export type Risk = ActionEvent["security_risk"];

export interface Assessment {
  readonly risk: Risk;
  /** why, one phrase each; empty for an ordinary action */
  readonly reasons: readonly string[];
  /** what there is to allow for longer than once */
  readonly risks: readonly RiskFound[];
  /** what it does, program by program: what there is to allow where everything is asked about */
  readonly subjects: readonly string[];
}

export interface RiskFound {
  readonly key: string;
  readonly level: Risk;
}

/** `said`: the risk that the model gave with its call, or null. */
export function assess(
  action: ToolAction,
  tool: Pick<Tool, "name" | "effect">,
  said: string | null,
): Assessment {
  const own = ownAssessment(action, tool);
  const model = said !== null && isRisk(said) ? said : null;
  if (model === null || rank[model] <= rank[own.risk]) return own;
  const reasons =
    model === "UNKNOWN" ? own.reasons : [...own.reasons, `the model calls it ${model.toLowerCase()} risk`];
  return {
    ...own,
    risk: model,
    reasons,
    risks: [...own.risks, { key: `${tool.name}, by the model's word`, level: model }],
  };
}

/** UNKNOWN stands above MEDIUM: what nobody can judge is asked about before what is known to be bearable. */
const rank: Readonly<Record<Risk, number>> = { LOW: 0, MEDIUM: 1, UNKNOWN: 2, HIGH: 3 };

const isRisk = (value: string): value is Risk => Object.hasOwn(rank, value);

function ownAssessment(action: ToolAction, tool: Pick<Tool, "name" | "effect">): Assessment {
  if (tool.effect === "none" || tool.effect === "read") return ordinary([tool.name]);
  if (action.kind === "TerminalAction" && typeof action["command"] === "string")
    return action["is_input"] === true ? typed(action["command"]) : terminal(action["command"]);
  if (action.kind === "FileEditorAction" && typeof action["path"] === "string")
    return file(String(action["command"]), action["path"]);
  return {
    risk: "UNKNOWN",
    reasons: [],
    risks: [{ key: tool.name, level: "UNKNOWN" }],
    subjects: [tool.name],
  };
}

const ordinary = (subjects: readonly string[]): Assessment => ({
  risk: "LOW",
  reasons: [],
  risks: [],
  subjects,
});

/**
 * What is typed into a running program may be a line for a shell, or anything else: what it would do as such a line is
 * known, whether that is all is not.
 */
function typed(input: string): Assessment {
  if (input.trim() === "" || /^C-[a-z[\\\]]$/i.test(input.trim())) return ordinary(["keys"]);
  const { risks, reasons } = terminal(input);
  const high = risks.filter(({ level }) => level === "HIGH");
  return {
    risk: high.length > 0 ? "HIGH" : "MEDIUM",
    reasons: high.length > 0 ? reasons : ["types into a running program"],
    risks: [...high, { key: "input", level: "MEDIUM" }],
    subjects: ["input to a running program"],
  };
}

function terminal(line: string): Assessment {
  const { commands, understood } = shellCommands(line);
  const findings = commands.flatMap((command) => rules.flatMap((rule) => rule(command, commands) ?? []));
  const risks: RiskFound[] = findings.map(({ key, level }) => ({ key, level }));
  if (!understood) risks.push({ key: line, level: "UNKNOWN" });
  return {
    risk: risks.map(({ level }) => level).toSorted((a, b) => rank[b] - rank[a])[0] ?? "LOW",
    reasons: unique(findings.map((finding) => finding.detail)),
    risks: risks.filter(({ key }, index) => risks.findIndex((other) => other.key === key) === index),
    subjects: unique(commands.map(subjectOf)),
  };
}

function file(command: string, path: string): Assessment {
  if (command === "view") return ordinary(["file_editor view"]);
  const what = sensitivePath(path);
  const reason =
    what === null ? (outsideWorkspace(path) ? "writes outside the workspace" : null) : `writes ${what}`;
  if (reason === null) return ordinary(["file_editor"]);
  return {
    risk: "HIGH",
    reasons: [reason],
    risks: [{ key: `file_editor ${path}`, level: "HIGH" }],
    subjects: [`file_editor ${path}`],
  };
}

/** `git push` rather than `git`; `ls` as it is. */
function subjectOf({ program, words }: ShellCommand): string {
  if (program === "git") return `git ${gitSubcommand(words)[0] ?? ""}`.trim();
  return program === "" ? words.join(" ") : program;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
