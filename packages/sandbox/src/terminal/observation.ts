import { text, type TerminalAction, type TerminalObservation } from "@openhands/protocol";
import type { ClippedText } from "./clip-text.ts";
import { messages } from "./terminal-messages.ts";

export interface Report {
  readonly output: ClippedText;
  readonly prefix: string;
  readonly suffix: string;
  /** -1 while it runs or where nobody knows */
  readonly exitCode: number;
  readonly directory: string | null;
  readonly timedOut?: boolean;
  readonly isError?: boolean;
}

export function observation(action: TerminalAction, report: Report): TerminalObservation {
  const { output, exitCode } = report;
  return {
    kind: "TerminalObservation",
    command: action.command,
    content: [text(output.text)],
    is_error: report.isError ?? false,
    exit_code: exitCode,
    timeout: report.timedOut ?? false,
    ...(output.omitted > 0 ? { omitted: output.omitted } : {}),
    metadata: {
      exit_code: exitCode,
      working_dir: report.directory,
      prefix: report.prefix + (output.kept ? messages.truncated(output.kept) : ""),
      suffix: report.suffix,
    },
  };
}

/** Nothing was done, and why. */
export function refusal(action: TerminalAction, why: string): TerminalObservation {
  const output: ClippedText = { text: why, kept: null, omitted: 0 };
  return observation(action, {
    output,
    prefix: "",
    suffix: "",
    exitCode: -1,
    directory: null,
    isError: true,
  });
}
