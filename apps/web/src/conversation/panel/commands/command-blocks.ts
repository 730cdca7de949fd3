/** The terminal's story: every command of the agent with its output, in order. */
import {
  isKnown,
  plainText,
  type StoredEvent,
  TerminalAction,
  TerminalObservation,
} from "@openhands/protocol";

export interface CommandBlock {
  readonly key: string;
  /** folder that the command was given in; null while it is not known */
  readonly workingDir: string | null;
  readonly command: string;
  /** typed into the command that was running, not a command of its own */
  readonly isInput: boolean;
  readonly output: string;
  /** null: not known, or still going */
  readonly exitCode: number | null;
  /** nothing has answered it yet: it runs, or waits to */
  readonly open: boolean;
}

export function commandBlocks(events: readonly StoredEvent[]): CommandBlock[] {
  const blocks: CommandBlock[] = [];
  const places = new Map<string, number>();
  let workingDir: string | null = null;
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.kind === "ActionEvent") {
      const action = TerminalAction.safeParse(event.action);
      if (!action.success) continue;
      places.set(event.tool_call_id, blocks.length);
      blocks.push(blockOf(event.id, action.data, workingDir));
      continue;
    }
    const place = "tool_call_id" in event ? places.get(String(event.tool_call_id)) : undefined;
    const block = place === undefined ? undefined : blocks[place];
    if (place === undefined || !block) continue;
    blocks[place] = { ...block, ...answerOf(event) };
    workingDir = directoryAfter(event) ?? workingDir;
  }
  return blocks;
}

function blockOf(key: string, action: TerminalAction, workingDir: string | null): CommandBlock {
  const { command, is_input: isInput } = action;
  return { key, workingDir, command, isInput, output: "", exitCode: null, open: true };
}

function answerOf(event: StoredEvent): Partial<CommandBlock> {
  if (!isKnown(event)) return {};
  if (event.kind === "AgentErrorEvent") return { output: event.error, open: false };
  if (event.kind === "UserRejectObservation") {
    return { output: `Rejected: ${event.rejection_reason}`, open: false };
  }
  if (event.kind !== "ObservationEvent") return {};
  const output = plainText(event.observation.content);
  const seen = TerminalObservation.safeParse(event.observation);
  const exitCode = seen.success && seen.data.exit_code !== -1 ? seen.data.exit_code : null;
  return { output, exitCode, open: false };
}

function directoryAfter(event: StoredEvent): string | null {
  if (!isKnown(event) || event.kind !== "ObservationEvent") return null;
  const seen = TerminalObservation.safeParse(event.observation);
  return (seen.success && seen.data.metadata.working_dir) || null;
}
