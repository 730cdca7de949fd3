/** What the editor's commands share: what they are given, what they give back, how they write. */
import type { Content, FileEditorAction, FileEditUndo } from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";
import type { Redact } from "../terminal/clip-redacted.ts";
import type { FileMemory } from "./file-memory.ts";
import { fileMessages } from "./file-messages.ts";
import { FileToolError } from "./file-tool-error.ts";
import type { RecentFiles } from "./recent-files.ts";

export interface FileCall {
  readonly action: FileEditorAction;
  readonly helper: Helper;
  readonly memory: FileMemory;
  readonly recentFiles: RecentFiles;
  readonly signal: AbortSignal;
  readonly redact: Redact;
}

export interface FileResult {
  readonly content: readonly Content[];
  readonly isError?: boolean;
  readonly existed?: boolean;
  readonly before?: string;
  readonly after?: string;
  /** of the file's bytes after the command */
  readonly hash?: string;
  readonly undo?: FileEditUndo;
}

/** @throws FileToolError where it could not be written; the file is as it was */
export async function requireWritten(
  { action: { path }, helper, signal }: FileCall,
  bytes: Buffer,
  { isNew }: { readonly isNew: boolean },
): Promise<void> {
  const written = await helper.writeFile(path, bytes, { isNew, signal });
  if (!written.ok) throw new FileToolError(fileMessages.problem(path, written.problem, written.detail));
}

/** @throws FileToolError where the model left it out */
export function required<T>(value: T | null | undefined, parameter: string, command: string): T {
  if (value === null || value === undefined)
    throw new FileToolError(fileMessages.required(parameter, command));
  return value;
}
