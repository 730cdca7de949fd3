/** What a check of `openhands doctor` is given and what it answers. Checks look and change nothing. */
import type { RuntimeKind, Settings } from "@openhands/protocol";
import type { SandboxProvider } from "@openhands/sandbox";
import type { Layout } from "@openhands/store";
import type { Config } from "../config.ts";

/** `ok`: as it should be; `note`: works, but should be known; `problem`: something will not work. */
export type FindingState = "ok" | "note" | "problem";

export interface Finding {
  readonly state: FindingState;
  /** what was found, and where it is wrong why */
  readonly message: string;
  /** what to do; null where nothing is to be done */
  readonly fix: string | null;
}

export interface DoctorContext {
  readonly config: Config;
  readonly layout: Layout;
  /** null where settings.json can't be read; its own check says so */
  readonly settings: Settings | null;
  readonly provider: (kind: RuntimeKind) => SandboxProvider;
  /** of this process */
  readonly user: number;
  readonly nodeVersion: string;
  readonly fetch: typeof fetch;
}

export interface Check {
  readonly name: string;
  /** Answers within about five seconds. */
  run(context: DoctorContext): Promise<readonly Finding[]>;
}

export const ok = (message: string): Finding => ({ state: "ok", message, fix: null });
export const note = (message: string, fix: string | null = null): Finding => ({
  state: "note",
  message,
  fix,
});
export const problem = (message: string, fix: string): Finding => ({ state: "problem", message, fix });
